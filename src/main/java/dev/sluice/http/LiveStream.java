package dev.sluice.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.query.LiveOverview;
import dev.sluice.query.QueryGateway.BusyException;
import dev.sluice.query.shard.ShardUnavailableException;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Streams the live overview as server-sent events: {@code live} about once a second, or {@code
 * trouble} while the overview is unavailable. Each stream ends after five minutes, so that the
 * client must authenticate again.
 */
final class LiveStream implements AutoCloseable {
  static final String TYPE = "text/event-stream";

  /** Maximum number of viewers of one worker. */
  private static final int WATCHERS_MAX = 64;

  /** Maximum number of viewers of one caller, so that places remain for others. */
  private static final int OF_CALLER_MAX = 48;

  private static final Duration LENGTH = Duration.ofMinutes(5);
  private static final Duration SILENCE_MAX = Duration.ofSeconds(10);

  private final LiveOverview liveOverview;
  private final Semaphore free = new Semaphore(WATCHERS_MAX);
  private final Map<String, Integer> ofCaller = new ConcurrentHashMap<>();
  private final CountDownLatch closed = new CountDownLatch(1);

  LiveStream(LiveOverview liveOverview) {
    this.liveOverview = liveOverview;
  }

  /** Admits a viewer; {@link #run} must follow. */
  void begin(Context context) {
    var caller = ApiGuard.caller(context);
    if (closed.getCount() == 0
        || ofCaller.merge(caller, 1, Integer::sum) > OF_CALLER_MAX
        || !free.tryAcquire()) {
      leave(caller);
      throw new HttpResponseException(
          ApiGuard.UNAVAILABLE,
          "the worker has its maximum number of live streams: close a page",
          Map.of());
    }
    context.status(ApiGuard.OK).contentType(TYPE).header("Cache-Control", "no-store");
    // Disables the buffering of proxies.
    context.header("X-Accel-Buffering", "no").header("X-Content-Type-Options", "nosniff");
  }

  /** Sends events to an admitted viewer until the stream ends. */
  void run(Context context) {
    var until = System.nanoTime() + LENGTH.toNanos();
    try {
      var out = context.res().getOutputStream();
      out.write("retry: 2000\n\n".getBytes(UTF_8));
      out.flush();
      do {
        out.write(look(context.header("Authorization")).getBytes(UTF_8));
        out.flush();
      } while (System.nanoTime() < until && pause(out));
    } catch (IOException e) {
      // The viewer has disconnected.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      free.release();
      leave(ApiGuard.caller(context));
    }
  }

  private void leave(String caller) {
    ofCaller.computeIfPresent(caller, (name, watching) -> watching == 1 ? null : watching - 1);
  }

  private String look(@Nullable String authorization) {
    try {
      return event("live", JsonResponses.text(liveOverview.now(authorization)));
    } catch (ShardUnavailableException | BusyException e) {
      return event("trouble", JsonResponses.text(Map.of("detail", String.valueOf(e.getMessage()))));
    }
  }

  /** Waits for the next refresh; returns false if the stream ends. */
  private boolean pause(OutputStream out) throws IOException, InterruptedException {
    var left = liveOverview.untilNext();
    while (left.compareTo(SILENCE_MAX) > 0) {
      if (closed.await(SILENCE_MAX.toNanos(), TimeUnit.NANOSECONDS)) {
        return false;
      }
      left = left.minus(SILENCE_MAX);
      // A comment line keeps the connection alive.
      out.write(":\n\n".getBytes(UTF_8));
      out.flush();
    }
    return !closed.await(left.toNanos(), TimeUnit.NANOSECONDS);
  }

  private static String event(String name, String data) {
    return "event: " + name + "\ndata: " + data + "\n\n";
  }

  @Override
  public void close() {
    closed.countDown();
  }
}
