package dev.sluice.cli;

import dev.sluice.config.LogKeys;
import dev.sluice.config.SluiceConfig;
import dev.sluice.folder.NativeLibraryFolder;
import dev.sluice.logging.LogFormat;
import dev.sluice.logging.LogLevels;
import dev.sluice.operator.OperatorException;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A part that runs in this process until SIGTERM or Ctrl-C, with logs as configured. */
final class Foreground {
  private static final Logger LOG = LoggerFactory.getLogger(Foreground.class);

  private final CountDownLatch stopped = new CountDownLatch(1);

  /** The work of the command. */
  @FunctionalInterface
  interface Work {
    int run(Foreground foreground) throws Exception;
  }

  /** The part that runs. */
  interface Part {

    /** Stops it. */
    void close();

    /**
     * Waits until it ends.
     *
     * @throws OperatorException if it did not end by a close
     */
    void awaitEnd() throws InterruptedException;

    /** Returns whether an error damaged the process, which then must do nothing more. */
    boolean isBroken();
  }

  private Foreground() {}

  /** Runs the work with logs as configured; a stop waits until the work has returned. */
  static int run(SluiceConfig config, Work work) throws Exception {
    Thread.setDefaultUncaughtExceptionHandler(Foreground::died);
    if (config.get(LogKeys.FORMAT).equals("json")) {
      LogFormat.json();
    }
    var levels = config.find(LogKeys.LEVELS_FILE);
    if (levels == null) {
      return work(work);
    }
    try (var followed = LogLevels.follow(levels)) {
      LOG.debug("following {}", followed);
      return work(work);
    }
  }

  private static int work(Work work) throws Exception {
    NativeLibraryFolder.require();
    var foreground = new Foreground();
    try {
      return work.run(foreground);
    } finally {
      foreground.stopped.countDown();
    }
  }

  /** Streams lets a replaced thread die of its error, which has been logged already. */
  private static void died(Thread thread, Throwable error) {
    if (!RepeatedWarnings.isOurs(error)) {
      LOG.error("thread {} ended", thread.getName(), error);
    }
  }

  /** Waits until the part ends; a signal stops it. */
  void await(Part part) throws InterruptedException {
    // The hook requests the stop and waits until the command has closed everything: the JVM ends
    // when the hook returns.
    var hook =
        new Thread(
            () -> {
              if (stopped.getCount() > 0) {
                LOG.info("stopping");
              }
              part.close();
              awaitStop();
            });
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      part.awaitEnd();
    } catch (OperatorException e) {
      if (part.isBroken()) {
        // Threads that a proper stop waits for may be missing. The next start repeats uncommitted
        // work.
        Terminal.failures(String.valueOf(e.getMessage()));
        Runtime.getRuntime().halt(1);
      }
      throw e;
    }
  }

  private void awaitStop() {
    try {
      stopped.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
