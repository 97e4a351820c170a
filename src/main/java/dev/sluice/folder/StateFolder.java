package dev.sluice.folder;

import dev.sluice.config.SluiceConfig;
import dev.sluice.config.WorkerKeys;
import dev.sluice.operator.OperatorException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.streams.StreamsConfig;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder of a worker's local state. It is created, tested and locked before the start. It is
 * monitored while the worker runs, since RocksDB continues for hours with deleted files.
 *
 * <p>State of a worker that did not stop properly is removed at the next start. It contains changes
 * of the open transaction, and Streams does not always detect them: the old offsets of a former
 * standby task hide them. State written with state.transactional contains only committed data, and
 * is kept.
 */
public final class StateFolder {
  private static final Logger LOG = LoggerFactory.getLogger(StateFolder.class);
  private static final String LOCK_FILE = "worker.lock";

  /**
   * Marker file that exists while threads may change the state: until the worker stops properly.
   */
  private static final String RUNNING_FILE = "worker.running";

  /** Content of that file if the state contains only committed data. */
  private static final String TRANSACTIONAL = "transactional";

  /** Number of bytes written to test whether the disk accepts data. */
  private static final int PROBE_BYTES = 64 << 10;

  /** Remedy for an unwritable folder. */
  public static final String REMEDY =
      "check that its disk has space, and that it is a folder that the worker's user may write to,"
          + " or set data.dir to another; its content can be restored from Kafka";

  private final Path folder;
  private final Path state;
  private final Path running;
  private final FileChannel lock;
  private final long bytesMin;
  private final boolean transactional;
  private final Map<Path, Object> known = new LinkedHashMap<>();
  private boolean warned;

  private StateFolder(
      Path folder, Path state, FileChannel lock, long bytesMin, boolean transactional) {
    this.folder = folder;
    this.state = state;
    this.running = state.resolve(RUNNING_FILE);
    this.lock = lock;
    this.bytesMin = bytesMin;
    this.transactional = transactional;
  }

  /**
   * Prepares a worker's folder and locks it.
   *
   * @throws OperatorException if it cannot be used
   */
  public static StateFolder open(SluiceConfig config) {
    var state = Path.of(config.streamsConfig().getProperty(StreamsConfig.STATE_DIR_CONFIG));
    return open(
        config.dataDir(),
        state.resolve(config.applicationId()),
        bytesMin(config),
        config.get(WorkerKeys.STATE_TRANSACTIONAL));
  }

  /** Returns the free space below which the worker warns. */
  static long bytesMin(SluiceConfig config) {
    return config.get(WorkerKeys.STATE_MEMORY_BYTES) / 2;
  }

  /**
   * Prepares the folder and locks it.
   *
   * @param dataDir the setting data.dir
   * @param state Streams' state folder in it
   * @param bytesMin free space below which it warns
   * @param transactional whether the state contains only committed data
   * @throws OperatorException if it cannot be used
   */
  static StateFolder open(Path dataDir, Path state, long bytesMin, boolean transactional) {
    var folder = dataDir.toAbsolutePath().normalize();
    FileChannel file = null;
    try {
      PrivateFolder.make(folder);
      Files.createDirectories(state);
      file = lock(folder);
      var opened = new StateFolder(folder, state, file, bytesMin, transactional);
      opened.probe(state);
      opened.remember(folder.resolve(LOCK_FILE));
      opened.remember(state);
      return opened;
    } catch (IOException e) {
      close(file);
      throw new OperatorException(
          "the state folder %s cannot be used: %s; %s".formatted(folder, reason(e), REMEDY), e);
    } catch (RuntimeException e) {
      close(file);
      throw e;
    }
  }

  private static FileChannel lock(Path folder) throws IOException {
    var file =
        FileChannel.open(
            folder.resolve(LOCK_FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      if (file.tryLock() != null) {
        return file;
      }
    } catch (OverlappingFileLockException e) {
      // Reported below.
    } catch (IOException e) {
      close(file);
      throw e;
    }
    close(file);
    throw new OperatorException(
        ("another worker uses the state folder %s: stop it, or set data.dir to a folder of this"
                + " worker's own")
            .formatted(folder));
  }

  /** Returns whether a worker uses the folder; changes nothing. */
  public static boolean isInUse(Path dataDir) {
    var file = dataDir.toAbsolutePath().normalize().resolve(LOCK_FILE);
    try (var channel = FileChannel.open(file, StandardOpenOption.WRITE);
        var held = channel.tryLock()) {
      return held == null;
    } catch (OverlappingFileLockException e) {
      return true;
    } catch (IOException e) {
      return false; // missing or unreadable; other checks find the cause
    }
  }

  private void probe(Path state) throws IOException {
    var probe = state.resolve("probe");
    try (var file = FileChannel.open(probe, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      var bytes = ByteBuffer.allocate(PROBE_BYTES);
      while (bytes.hasRemaining()) {
        file.write(bytes);
      }
      file.force(true);
    } finally {
      Files.deleteIfExists(probe);
    }
  }

  /**
   * Removes the state of a worker that did not stop properly. Called just before threads use the
   * state, so that a failed start changes nothing.
   *
   * @throws OperatorException if it cannot be removed
   */
  public void begin() {
    try {
      if (Files.exists(running) && transactional && wasTransactional()) {
        LOG.info(
            "the worker that used {} before did not stop properly: its state there is reused,"
                + " since it contains only committed data",
            folder);
      } else if (Files.exists(running)) {
        LOG.info(
            "the worker that used {} before did not stop properly: its state there is removed,"
                + " and restored from Kafka",
            folder);
        empty(state);
      }
      // Only now, so that the next start completes an interrupted removal.
      Files.writeString(running, transactional ? TRANSACTIONAL : "");
    } catch (IOException e) {
      throw new OperatorException(
          "the state folder %s cannot be used: %s; %s".formatted(folder, reason(e), REMEDY), e);
    }
  }

  private boolean wasTransactional() throws IOException {
    return Files.readString(running).equals(TRANSACTIONAL);
  }

  /** Removes the folders of tasks; other files belong to the process. */
  private static void empty(Path state) throws IOException {
    List<Path> paths;
    try (var walk = Files.walk(state)) {
      paths = new ArrayList<>(walk.toList());
    }
    Collections.reverse(paths);
    for (var path : paths) {
      if (!path.equals(state) && (Files.isDirectory(path) || !state.equals(path.getParent()))) {
        Files.delete(path);
      }
    }
  }

  private void remember(Path path) throws IOException {
    var key = key(path);
    if (key != null) {
      known.put(path, key);
    }
  }

  private static @Nullable Object key(Path path) throws IOException {
    return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
  }

  /** Returns the folder's absolute path. */
  public Path path() {
    return folder;
  }

  /** Returns a problem of the folder while the worker runs; null if there is none. */
  public @Nullable String problem() {
    for (var entry : known.entrySet()) {
      try {
        if (!entry.getValue().equals(key(entry.getKey()))) {
          return gone(entry.getKey());
        }
      } catch (NoSuchFileException e) {
        return gone(entry.getKey());
      } catch (IOException e) {
        return "the state folder %s cannot be used: %s; %s".formatted(folder, reason(e), REMEDY);
      }
    }
    warnWhereFull();
    return null;
  }

  private String gone(Path path) {
    return ("the state folder %s was deleted or replaced while the worker ran (%s is gone): find"
            + " the cause, or set data.dir to another folder, and start again;"
            + " the state is restored from Kafka")
        .formatted(folder, path);
  }

  private void warnWhereFull() {
    try {
      var free = Files.getFileStore(folder).getUsableSpace();
      if (free < bytesMin && !warned) {
        LOG.warn(
            "the disk of the state folder {} has {} KiB left; the worker stops when it is full:"
                + " free some space, or move the folder and set data.dir",
            folder,
            free >> 10);
      }
      warned = free < bytesMin;
    } catch (IOException e) {
      LOG.debug("cannot read the free space of {}", folder, e);
    }
  }

  private static String reason(IOException e) {
    return switch (e) {
      case AccessDeniedException denied -> "the worker may not write to " + denied.getFile();
      case NoSuchFileException none -> none.getFile() + " is missing";
      case FileSystemException f ->
          f.getFile() + ": " + (f.getReason() == null ? "not a folder" : f.getReason());
      default -> String.valueOf(e.getMessage());
    };
  }

  /**
   * Releases the lock.
   *
   * @param inGoodOrder whether the state equals the last commit
   */
  public void close(boolean inGoodOrder) {
    if (inGoodOrder) {
      try {
        Files.deleteIfExists(running);
      } catch (IOException e) {
        LOG.warn("cannot remove {}: the next start restores the state from Kafka", running, e);
      }
    }
    close(lock);
  }

  private static void close(@Nullable FileChannel file) {
    try {
      if (file != null) {
        file.close();
      }
    } catch (IOException e) {
      LOG.debug("cannot close a lock", e);
    }
  }
}
