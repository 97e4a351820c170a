package dev.sluice.http;

import static java.nio.charset.StandardCharsets.UTF_8;

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
 * and from below in speed. It counts until it is closed.
 */
final class Body implements AutoCloseable {

  /** As large as an event may be, in bytes. */
  static final int EVENT_MAX = 1 << 20;

  private static final int TOO_LARGE = 413;
  private static final int TOO_SLOW = 408;
  private static final int BUFFER = 16 * 1024;
  private static final long NANOS = 1_000_000_000;

  /** So long nobody looks how fast it comes. */
  private static final long GRACE_SECONDS = 10;

  private static final long BYTES_PER_SECOND_MIN = 1_000;

  private final InputStream in;
  private final long max;
  private final Memory.Held held;
  private final LongSupplier nanoTime;
  private final long beganNs;
  private final byte[] buffer = new byte[BUFFER];
  private int at;
  private int filled;
  private long read;

  /**
   * A body.
   *
   * @param max so many bytes at most
   */
  Body(InputStream in, long max, Memory memory, LongSupplier nanoTime) {
    this.in = in;
    this.max = max;
    this.held = memory.hold();
    this.nanoTime = nanoTime;
    beganNs = nanoTime.getAsLong();
  }

  /**
   * The body of a request.
   *
   * @throws HttpResponseException when it says that it is larger
   */
  static Body of(Context context, long max, Memory memory) {
    if (context.req().getContentLengthLong() > max) {
      throw tooLarge("the body is larger than " + max + " bytes");
    }
    try {
      return new Body(context.req().getInputStream(), max, memory, System::nanoTime);
    } catch (IOException e) {
      throw notRead();
    }
  }

  private static HttpResponseException tooLarge(String message) {
    return new HttpResponseException(TOO_LARGE, message, Map.of());
  }

  private static HttpResponseException notRead() {
    return new HttpResponseException(TOO_SLOW, "the body did not come", Map.of());
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
    var seconds = (nanoTime.getAsLong() - beganNs) / NANOS;
    if (seconds > GRACE_SECONDS && read < seconds * BYTES_PER_SECOND_MIN) {
      throw new HttpResponseException(TOO_SLOW, "the body comes too slowly", Map.of());
    }
    held.grow(read);
    return true;
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
            "line %d: the event is larger than %d bytes; make its texts shorter, or send fewer data sources"
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
