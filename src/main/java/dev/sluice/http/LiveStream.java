package dev.sluice.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.query.PartMissingException;
import dev.sluice.query.Pulse;
import dev.sluice.query.Queries.BusyException;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Tells those who watch how all is, about once a second, as server-sent events: {@code live}, or
 * {@code trouble} where it cannot be told now. It ends after some minutes, so that whoever may no
 * longer watch is asked anew; who may comes again.
 */
final class LiveStream implements AutoCloseable {
  static final String TYPE = "text/event-stream";

  /** So many watch one worker at once. */
  private static final int WATCHERS_MAX = 64;

  private static final Duration LENGTH = Duration.ofMinutes(5);
  private static final Duration AFTER_TROUBLE = Duration.ofSeconds(2);

  private final Pulse pulse;
  private final Semaphore free = new Semaphore(WATCHERS_MAX);
  private final CountDownLatch closed = new CountDownLatch(1);

  LiveStream(Pulse pulse) {
    this.pulse = pulse;
  }

  /** Takes a watcher in, to whom {@link #run} must then tell. */
  void begin(Context context) {
    if (closed.getCount() == 0 || !free.tryAcquire()) {
      throw new HttpResponseException(
          ApiGuard.UNAVAILABLE, "too many watch this worker: close a page", Map.of());
    }
    context.status(ApiGuard.OK).contentType(TYPE).header("Cache-Control", "no-store");
    // For proxies that would wait until there is more.
    context.header("X-Accel-Buffering", "no").header("X-Content-Type-Options", "nosniff");
  }

  /** Tells a watcher who was taken in, until they go. */
  void run(Context context) {
    var until = System.nanoTime() + LENGTH.toNanos();
    try {
      var out = context.res().getOutputStream();
      out.write("retry: 2000\n\n".getBytes(UTF_8));
      out.flush();
      Duration pause;
      do {
        String text;
        try {
          text = event("live", Json.text(pulse.now(context.header("Authorization"))));
          pause = pulse.untilNext();
        } catch (PartMissingException | BusyException e) {
          text = event("trouble", Json.text(Map.of("detail", String.valueOf(e.getMessage()))));
          pause = AFTER_TROUBLE;
        }
        out.write(text.getBytes(UTF_8));
        out.flush();
      } while (System.nanoTime() < until && !closed.await(pause.toNanos(), TimeUnit.NANOSECONDS));
    } catch (IOException e) {
      // The watcher has gone.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      free.release();
    }
  }

  private static String event(String name, String data) {
    return "event: " + name + "\ndata: " + data + "\n\n";
  }

  @Override
  public void close() {
    closed.countDown();
  }
}
