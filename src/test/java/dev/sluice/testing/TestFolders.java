package dev.sluice.testing;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDirFactory;

/**
 * Folders that tests need for a while, also every {@code @TempDir}. They are in memory where the
 * machine has room for them: a store that opens waits for the disk many times, and no test asks
 * what a disk keeps when the machine fails.
 */
public final class TestFolders implements TempDirFactory {
  private static final Path MEMORY = Path.of("/dev/shm");
  private static final Path MOUNTS = Path.of("/proc/mounts");

  /** The system property with this process's folder. */
  private static final String OF_THIS_PROCESS = "sluice.test.folder";

  /** Several times what all tests have there at once. */
  private static final long FREE_BYTES_MIN = 4L << 30;

  /** Creates a folder, which the caller removes. */
  public static Path create(String prefix) {
    try {
      return hasMemory()
          ? Files.createTempDirectory(MEMORY, prefix)
          : Files.createTempDirectory(prefix);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns a folder that this process has until it ends, whichever class loader asks for it. */
  public static Path ofThisProcess() {
    var properties = System.getProperties();
    synchronized (properties) {
      var known = properties.getProperty(OF_THIS_PROCESS);
      if (known != null) {
        return Path.of(known);
      }
      var folder = create("sluice-process-");
      properties.setProperty(OF_THIS_PROCESS, folder.toString());
      Runtime.getRuntime().addShutdownHook(new Thread(() -> remove(folder)));
      return folder;
    }
  }

  private static boolean hasMemory() throws IOException {
    return Files.isWritable(MEMORY)
        && MEMORY.toFile().getUsableSpace() >= FREE_BYTES_MIN
        && Files.isReadable(MOUNTS)
        && Files.readAllLines(MOUNTS).stream().anyMatch(TestFolders::runsPrograms);
  }

  /** Libraries and scripts are among what tests put into their folders. */
  private static boolean runsPrograms(String mount) {
    var fields = mount.split(" ");
    return fields[1].equals(MEMORY.toString()) && !List.of(fields[3].split(",")).contains("noexec");
  }

  /** Removes as much as it can: threads that nothing stops may still hold a file. */
  public static void remove(Path folder) {
    try (Stream<Path> paths = Files.walk(folder)) {
      paths.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
    } catch (IOException | UncheckedIOException e) {
      folder.toFile().deleteOnExit();
    }
  }

  @Override
  public Path createTempDirectory(AnnotatedElementContext element, ExtensionContext test) {
    return create("sluice-test-");
  }
}
