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
import java.util.Locale;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads a request's body with limits: its size, the memory of all bodies together, its total time,
 * and its minimum speed over the last seconds. The body and the objects of its events count until
 * it is closed.
 */
final class RequestBody implements AutoCloseable {

  /** Maximum size of an event, in bytes. */
  static final int EVENT_MAX = SizeLimits.EVENT;

  private static final int TOO_LARGE = 413;
  private static final int TOO_SLOW = 408;
  private static final int BUFFER = 16 * 1024;
  private static final long NANOS = 1_000_000_000;

  /** Period in which the minimum number of bytes, or the end, must arrive. */
  private static final long STEP_SECONDS = 10;

  private static final long STEP_BYTES = 10_000;

  /** Maximum time of a complete body. */
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
  private long elements;
  private long stepRead;
  private long stepNs;

  /**
   * Creates a body.
   *
   * @param max maximum size in bytes
   * @param held the caller's memory for the body
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
   * Returns the body of a request.
   *
   * @throws HttpResponseException if its declared size exceeds the maximum
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
    charge();
    return true;
  }

  /**
   * Counts the list elements of an event in the body, before they are created.
   *
   * @throws HttpResponseException if the body has too many, or if not enough memory is free
   */
  void admit(int more) {
    elements += more;
    if (elements > SizeLimits.ELEMENTS_OF_CALL) {
      throw tooLarge(
          String.format(
              Locale.ROOT,
              "the events have more than %,d list elements together; send fewer events at once",
              SizeLimits.ELEMENTS_OF_CALL));
    }
    charge();
  }

  private void charge() {
    held.grow(read + elements * SizeLimits.ELEMENT_OVERHEAD);
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

  /** Reads the complete body. */
  byte[] bytes() {
    var all = new ByteArrayOutputStream();
    while (fill()) {
      all.write(buffer, 0, filled);
    }
    return all.toByteArray();
  }

  /**
   * Reads the complete body, which is one event.
   *
   * @throws ApiGuard.BadRequestException if it is not UTF-8
   */
  String text() {
    return text(bytes(), 1);
  }

  /**
   * Reads the next line, without its end; null after the last.
   *
   * @param number of the line, from 1
   * @throws ApiGuard.BadRequestException if it is not UTF-8
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
