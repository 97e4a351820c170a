package dev.sluice.http;

import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;

/** Logs one complete warning per minute, and further ones as a line at DEBUG. Thread-safe. */
final class ThrottledLog {
  private static final long INTERVAL_NS = 60_000_000_000L;

  private final Logger log;
  private final AtomicLong nextNs = new AtomicLong(System.nanoTime());

  ThrottledLog(Logger log) {
    this.log = log;
  }

  void warn(String message, Throwable trouble) {
    var next = nextNs.get();
    var now = System.nanoTime();
    if (now - next >= 0 && nextNs.compareAndSet(next, now + INTERVAL_NS)) {
      log.warn("{}; more of this kind within a minute are logged at DEBUG", message, trouble);
    } else {
      log.debug("{}: {}", message, String.valueOf(trouble));
    }
  }
}
