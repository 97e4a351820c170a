package dev.sluice.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.limits.SizeLimits;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A request's body while it comes in: bounded in size, in the memory that all bodies take together,
 * in time, and from below in speed. What came fast earns no pause: the speed is that of the last
 * seconds. It counts until it is closed.
 */
final class RequestBody implements AutoCloseable {

  /** As large as an event may be, in bytes. */
  static final int EVENT_MAX = SizeLimits.EVENT;

  private static final int TOO_LARGE = 413;
  private static final int TOO_SLOW = 408;
  private static final int BUFFER = 16 * 1024;
  private static final long NANOS = 1_000_000_000;

  /** Within so long, so many bytes come, or its end. */
  private static final long STEP_SECONDS = 10;

  private static final long STEP_BYTES = 10_000;

  /** All of it is there after so long. */
  private static final long SECONDS_MAX = 60;

  private final InputStream in;
  private final long max;
  private final RequestMemory.Held held;
  private final LongSupplier nanoTime;
  private final long beganNs;
  private final byte[] buffer = new byte[BUFFER];
  private int at;
  private int filled;
  private long read;
  private long stepRead;
  private long stepNs;

  /**
   * A body.
   *
   * @param max so many bytes at most
   * @param held what its caller has of the memory for it
   */
  RequestBody(InputStream in, long max, RequestMemory.Held held, LongSupplier nanoTime) {
    this.in = in;
    this.max = max;
    this.held = held;
    this.nanoTime = nanoTime;
    beganNs = nanoTime.getAsLong();
    stepNs = beganNs;
  }

  /**
   * The body of a request.
   *
   * @throws HttpResponseException when it says that it is larger
   */
  static RequestBody of(Context context, long max, RequestMemory requestMemory) {
    if (context.req().getContentLengthLong() > max) {
      throw tooLarge("the body is larger than " + max + " bytes");
    }
    try {
      var held = requestMemory.hold(ApiGuard.sharer(context));
      return new RequestBody(context.req().getInputStream(), max, held, System::nanoTime);
    } catch (IOException e) {
      throw notRead();
    }
  }

  private static HttpResponseException tooLarge(String message) {
    return new HttpResponseException(TOO_LARGE, message, Map.of());
  }

  private static HttpResponseException notRead() {
    return tooSlow("the body did not arrive");
  }

  private static HttpResponseException tooSlow(String message) {
    return new HttpResponseException(TOO_SLOW, message, Map.of());
  }

  private boolean fill() {
    try {
      filled = in.read(buffer);
    } catch (IOException e) {
      throw notRead();
    }
    at = 0;
    if (filled <= 0) {
      filled = 0;
      return false;
    }
    read += filled;
    if (read > max) {
      throw tooLarge("the body is larger than " + max + " bytes");
    }
    requireSpeed();
    held.grow(read);
    return true;
  }

  private void requireSpeed() {
    var now = nanoTime.getAsLong();
    if (now - beganNs > SECONDS_MAX * NANOS) {
      throw tooSlow(
          "the body takes longer than %d s; send fewer events at once".formatted(SECONDS_MAX));
    }
    if (now - stepNs > STEP_SECONDS * NANOS) {
      throw tooSlow(
          "the body arrives too slowly: less than %d bytes within %d s"
              .formatted(STEP_BYTES, STEP_SECONDS));
    }
    if (read - stepRead >= STEP_BYTES) {
      stepRead = read;
      stepNs = now;
    }
  }

  /** All of it. */
  byte[] bytes() {
    var all = new ByteArrayOutputStream();
    while (fill()) {
      all.write(buffer, 0, filled);
    }
    return all.toByteArray();
  }

  /**
   * All of it, which is one event.
   *
   * @throws ApiGuard.BadRequestException when it is not UTF-8
   */
  String text() {
    return text(bytes(), 1);
  }

  /**
   * The next line, without its end; null after the last.
   *
   * @param number of the line, from 1
   * @throws ApiGuard.BadRequestException when it is not UTF-8
   */
  @Nullable String line(int number) {
    var line = new ByteArrayOutputStream();
    while (at < filled || fill()) {
      int end = at;
      while (end < filled && buffer[end] != '\n') {
        end++;
      }
      line.write(buffer, at, end - at);
      if (line.size() > EVENT_MAX) {
        throw tooLarge(
            "line %d: the event is larger than %d bytes; shorten its texts, or send fewer data sources"
                .formatted(number, EVENT_MAX));
      }
      at = end + 1;
      if (end < filled) {
        return text(line.toByteArray(), number);
      }
    }
    return line.size() == 0 ? null : text(line.toByteArray(), number);
  }

  private static String text(byte[] bytes, int number) {
    try {
      return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new ApiGuard.BadRequestException("line " + number + ": not UTF-8");
    }
  }

  @Override
  public void close() {
    held.close();
  }
}
