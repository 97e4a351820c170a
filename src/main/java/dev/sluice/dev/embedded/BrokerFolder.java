package dev.sluice.dev.embedded;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.metadata.properties.MetaPropertiesEnsemble;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.Feature;
import org.jspecify.annotations.Nullable;

/** A broker's data folder, locked by one broker at a time and formatted once. */
final class BrokerFolder implements AutoCloseable {
  /** Next to the log folder, which must contain only files that Kafka knows. */
  private static final String LOCK_FILE = "broker.lock";

  private final Path root;
  private final boolean temporary;
  private final FileChannel lockFile;

  private BrokerFolder(Path root, boolean temporary, FileChannel lockFile) {
    this.root = root;
    this.temporary = temporary;
    this.lockFile = lockFile;
  }

  /** Opens the given folder, or a new temporary one. */
  static BrokerFolder open(@Nullable Path lasting) {
    try {
      Path root =
          lasting == null
              ? Files.createTempDirectory("sluice-kafka-")
              : Files.createDirectories(lasting.toAbsolutePath());
      return new BrokerFolder(root, lasting == null, lock(root));
    } catch (IOException e) {
      throw new EmbeddedKafkaException(
          "The broker's data folder " + lasting + " cannot be used: " + e, e);
    }
  }

  private static FileChannel lock(Path root) throws IOException {
    FileChannel file =
        FileChannel.open(
            root.resolve(LOCK_FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    FileLock held;
    try {
      held = file.tryLock();
    } catch (OverlappingFileLockException e) {
      held = null;
    }
    if (held == null) {
      file.close();
      throw new EmbeddedKafkaException(
          "The broker's data folder "
              + root
              + " is in use by another broker; stop that one, or choose another folder.");
    }
    return file;
  }

  Path logs() {
    return root.resolve("logs");
  }

  /** Writes the cluster id and features to the folder, unless it has them. */
  void format(int nodeId, String controllerListener) {
    Path logs = logs();
    if (Files.exists(logs.resolve(MetaPropertiesEnsemble.META_PROPERTIES_NAME))) {
      return;
    }
    try (var unread =
        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8)) {
      Files.createDirectories(logs);
      new Formatter()
          .setPrintStream(unread)
          .setSupportedFeatures(Feature.PRODUCTION_FEATURES)
          .setUnstableFeatureVersionsEnabled(false)
          .setNodeId(nodeId)
          .setClusterId(Uuid.randomUuid().toString())
          .setControllerListenerName(controllerListener)
          .addDirectory(logs.toString())
          .setMetadataLogDirectory(logs.toString())
          .run();
    } catch (Exception e) {
      throw new EmbeddedKafkaException(
          "The broker's data folder " + root + " cannot be formatted: " + e, e);
    }
  }

  /** Releases the folder, and removes a temporary one. */
  @Override
  public void close() {
    try {
      lockFile.close();
      if (temporary) {
        delete(root);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void delete(Path root) throws IOException {
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) {
            // The broker deletes segments in the background: a missing file is fine.
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException e)
              throws IOException {
            Files.deleteIfExists(folder);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
