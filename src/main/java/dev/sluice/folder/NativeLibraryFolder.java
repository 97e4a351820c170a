package dev.sluice.folder;

import dev.sluice.operator.OperatorException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The folder into which native libraries are unpacked: RocksDB's, unless ROCKSDB_SHAREDLIB_DIR
 * names another. An unusable folder causes obscure errors, so it is checked first.
 */
public final class NativeLibraryFolder {
  /** Remedy for an unusable folder. */
  public static final String REMEDY =
      "set SLUICE_JAVA_OPTS=-Djava.io.tmpdir=FOLDER to a folder that this user may write to and run"
          + " programs from";

  private NativeLibraryFolder() {}

  /**
   * Checks Java's temporary folder.
   *
   * @throws OperatorException if it cannot be used, with the remedy
   */
  public static void require() {
    var problem = problem(current(), System.getenv());
    if (problem != null) {
      throw new OperatorException(problem + "; " + REMEDY);
    }
  }

  /** Returns Java's temporary folder. */
  public static Path current() {
    return Path.of(System.getProperty("java.io.tmpdir", "/tmp"));
  }

  /**
   * Returns the problem of a folder; null if there is none, or none is needed.
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
