package dev.sluice.product.stage;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.contract.RejectionHeaders;
import dev.sluice.contract.RejectionReason;
import dev.sluice.event.Elements;
import dev.sluice.event.ProductEvent;
import dev.sluice.limits.SizeLimits;
import dev.sluice.product.Decision;
import dev.sluice.product.TextLimits;
import dev.sluice.text.Cut;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.util.Locale;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;

/**
 * Builds the rejected-events record of a rejected record: the original record with headers that
 * give the reason. The size is bounded for any input, so the record can be written. Parts that are
 * too large are left out, with a header that gives their size; the source topic still holds them.
 */
public final class Rejection {

  /** Maximum size of a header besides its name and value, in bytes. */
  private static final int HEADER_BYTES = 10;

  private Rejection() {}

  /**
   * Returns a description of the part that is too large to be read at all; null if there is none.
   */
  public static @Nullable String tooLarge(Record<byte[], byte[]> input) {
    if (size(input.value()) > SizeLimits.EVENT_READ) {
      return tooLarge("value", size(input.value()), SizeLimits.EVENT_READ);
    }
    return size(input.key()) > SizeLimits.EVENT_KEY
        ? tooLarge("key", size(input.key()), SizeLimits.EVENT_KEY)
        : null;
  }

  /** Returns a description of an event that is too large for its content; null if it is not. */
  static @Nullable String tooLarge(Record<byte[], byte[]> input, ProductEvent event) {
    return size(input.value()) <= SizeLimits.EVENT || TextLimits.isAllThatIsLarge(event.payload())
        ? Elements.problem(event.payload())
        : tooLarge("value", size(input.value()), SizeLimits.EVENT);
  }

  private static String tooLarge(String what, int bytes, int max) {
    return String.format(
        Locale.ROOT, "the record's %s has %,d bytes, at most %,d are taken", what, bytes, max);
  }

  /**
   * Returns the record for the rejected-events topic.
   *
   * @param at the place of the input
   * @param nowMs the record's time
   */
  static Record<byte[], byte[]> of(
      Record<byte[], byte[]> input,
      @Nullable RecordMetadata at,
      @Nullable String eventId,
      Decision.Rejected why,
      long nowMs) {
    return of(input, at, eventId, why.reason(), why.message(), why.remedy(), nowMs);
  }

  /**
   * Returns the record for the rejected-events topic.
   *
   * @param at the place of the input
   * @param eventId the event's id; null if it cannot be read
   * @param message the fault, in words
   * @param remedy the advice, in words
   * @param nowMs the record's time
   */
  public static Record<byte[], byte[]> of(
      Record<byte[], byte[]> input,
      @Nullable RecordMetadata at,
      @Nullable String eventId,
      RejectionReason reason,
      String message,
      String remedy,
      long nowMs) {
    var keyBytes = size(input.key());
    var headersBytes = size(input.headers());
    var valueBytes = size(input.value());
    var keepsKey = keyBytes <= SizeLimits.EVENT_KEY;
    var keepsHeaders = headersBytes <= SizeLimits.EVENT_HEADERS;
    var keepsValue =
        (keepsKey ? keyBytes : 0) + (keepsHeaders ? headersBytes : 0) + valueBytes
            <= SizeLimits.REJECTED_KEPT;
    var headers = headers(keepsHeaders ? input.headers() : new RecordHeaders(), at, eventId);
    add(headers, RejectionHeaders.REASON, reason.name());
    add(headers, RejectionHeaders.MESSAGE, cut(message));
    add(headers, RejectionHeaders.REMEDY, cut(remedy));
    add(headers, RejectionHeaders.KEY_BYTES, keepsKey ? null : Long.toString(keyBytes));
    add(headers, RejectionHeaders.HEADERS_BYTES, keepsHeaders ? null : Long.toString(headersBytes));
    add(headers, RejectionHeaders.VALUE_BYTES, keepsValue ? null : Long.toString(valueBytes));
    return new Record<>(
        keepsKey ? input.key() : null, keepsValue ? input.value() : null, nowMs, headers);
  }

  /**
   * Returns the record for an update between the stages that an operator set aside.
   *
   * @param effect the effect that the update would have had, in words
   */
  public static Record<byte[], byte[]> setAside(
      Record<byte[], byte[]> input,
      RecordMetadata at,
      @Nullable String eventId,
      String effect,
      long nowMs) {
    return of(
        input,
        at,
        eventId,
        new Decision.Rejected(
            RejectionReason.SET_ASIDE,
            "an update between the stages, set aside by an operator, did not reach the access"
                + " stage: "
                + effect),
        nowMs);
  }

  private static int size(byte @Nullable [] bytes) {
    return bytes == null ? 0 : bytes.length;
  }

  private static long size(Headers headers) {
    long bytes = 0;
    for (var header : headers) {
      // A character of a name takes at most three bytes.
      bytes += HEADER_BYTES + 3L * header.key().length() + size(header.value());
    }
    return bytes;
  }

  private static Headers headers(
      Headers original, @Nullable RecordMetadata at, @Nullable String eventId) {
    var headers = new RecordHeaders(original);
    add(headers, RejectionHeaders.EVENT_ID, eventId == null ? null : cut(eventId));
    if (at != null) {
      add(headers, RejectionHeaders.TOPIC, at.topic());
      add(headers, RejectionHeaders.PARTITION, Integer.toString(at.partition()));
      add(headers, RejectionHeaders.OFFSET, Long.toString(at.offset()));
    }
    return headers;
  }

  private static String cut(String text) {
    return Cut.to(text, SizeLimits.REJECTED_HEADER_CHARS);
  }

  private static void add(Headers headers, String name, @Nullable String value) {
    // A record that was rejected before and sent again carries only the new reason.
    headers.remove(name);
    if (value != null) {
      headers.add(name, value.getBytes(UTF_8));
    }
  }

  /** Returns the key as text; null if it is missing or not UTF-8. */
  public static @Nullable String text(byte @Nullable [] key) {
    if (key == null) {
      return null;
    }
    try {
      return UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .decode(ByteBuffer.wrap(key))
          .toString();
    } catch (CharacterCodingException e) {
      return null;
    }
  }
}
