package dev.sluice.folder;

import dev.sluice.operator.OperatorException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The folder into which libraries unpack what they run: RocksDB, unless ROCKSDB_SHAREDLIB_DIR says
 * where that is. Without one they fail with errors that nobody understands.
 */
public final class NativeLibraryFolder {
  /** What to do where it cannot be used. */
  public static final String REMEDY =
      "set SLUICE_JAVA_OPTS=-Djava.io.tmpdir=FOLDER to a folder that this user may write to and run"
          + " programs from";

  private NativeLibraryFolder() {}

  /**
   * Looks at the one that Java uses.
   *
   * @throws OperatorException when it cannot be used, with what to do
   */
  public static void require() {
    var problem = problem(current(), System.getenv());
    if (problem != null) {
      throw new OperatorException(problem + "; " + REMEDY);
    }
  }

  /** The one that Java uses. */
  public static Path current() {
    return Path.of(System.getProperty("java.io.tmpdir", "/tmp"));
  }

  /**
   * What is wrong with one, in words; null when nothing is, or none is needed.
   *
   * @param environment variables of the process
   */
  public static @Nullable String problem(Path folder, Map<String, String> environment) {
    if (environment.containsKey("ROCKSDB_SHAREDLIB_DIR")) {
      return null;
    }
    var begin = "the temporary folder " + folder + " (java.io.tmpdir) ";
    if (!Files.isDirectory(folder)) {
      return begin + "does not exist, or is not a folder";
    }
    try {
      var file = Files.createTempFile(folder, "sluice", ".tmp");
      try {
        if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
          Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
          if (!Files.isExecutable(file)) {
            return begin + "is on a file system that permits no execution (noexec)";
          }
        }
      } finally {
        Files.deleteIfExists(file);
      }
      return null;
    } catch (IOException e) {
      return begin + "cannot be written to (" + e + ")";
    }
  }
}
