package dev.sluice.product;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;

/** What a record on the rejected-events topic carries besides the original key and bytes. */
public final class Rejection {

  /** The {@link RejectionReason}. */
  public static final String REASON = "sluice.rejected.reason";

  /** What is wrong, in words. */
  public static final String MESSAGE = "sluice.rejected.message";

  /** What to do about it, in words. */
  public static final String REMEDY = "sluice.rejected.remedy";

  /** The event's id; missing when the event is unreadable. */
  public static final String EVENT_ID = "sluice.rejected.event.id";

  /** The topic that it was read from. */
  public static final String TOPIC = "sluice.rejected.topic";

  /** The partition that it was read from, in decimal. */
  public static final String PARTITION = "sluice.rejected.partition";

  /** The offset that it was read at, in decimal. */
  public static final String OFFSET = "sluice.rejected.offset";

  private Rejection() {}

  /** The original headers and these. */
  static Headers headers(
      Headers original,
      @Nullable RecordMetadata at,
      @Nullable String eventId,
      RejectionReason reason,
      String message) {
    var headers = new RecordHeaders(original);
    add(headers, REASON, reason.name());
    add(headers, MESSAGE, message);
    add(headers, REMEDY, reason.remedy());
    add(headers, EVENT_ID, eventId);
    if (at != null) {
      add(headers, TOPIC, at.topic());
      add(headers, PARTITION, Integer.toString(at.partition()));
      add(headers, OFFSET, Long.toString(at.offset()));
    }
    return headers;
  }

  private static void add(Headers headers, String name, @Nullable String value) {
    // A record that was rejected before and sent again carries the new reason only.
    headers.remove(name);
    if (value != null) {
      headers.add(name, value.getBytes(UTF_8));
    }
  }

  /** The key as text; null when it is missing or not UTF-8. */
  static @Nullable String text(byte @Nullable [] key) {
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
