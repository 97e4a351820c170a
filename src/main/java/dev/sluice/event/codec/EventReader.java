package dev.sluice.event.codec;

import dev.sluice.contract.RejectionReason;
import dev.sluice.event.Payload;
import dev.sluice.event.ProductEvent;
import java.time.Instant;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/** Decodes events about products and requests. */
public final class EventReader extends RecordReader<ProductEvent> {

  /** Creates a reader of one topic that waits for no schema. */
  public EventReader(Deserializer<?> deserializer, String topic) {
    this(deserializer, topic, UnknownSchemaWait.rejected());
  }

  /**
   * Creates a reader of one topic.
   *
   * @param deserializer returns generic or generated records; the reader closes the deserializer
   * @param unknownSchemaWait decides which schemas are waited for
   */
  public EventReader(
      Deserializer<?> deserializer, String topic, UnknownSchemaWait unknownSchemaWait) {
    super(EventForm.PRODUCT, deserializer, topic, unknownSchemaWait);
  }

  @Override
  @Nullable String payloadTimeProblem(ProductEvent event) {
    return switch (event.payload()) {
      case Payload.AccessApproved p -> timeProblem(p.expiresAt(), p.startsAt());
      case Payload.DeterminationMade p -> timeProblem(p.expiresAt(), p.startsAt());
      default -> null;
    };
  }

  private static @Nullable String timeProblem(
      @Nullable Instant expiresAt, @Nullable Instant startsAt) {
    var problem = TimeRange.problem("expiresAt", expiresAt);
    return problem == null ? TimeRange.problem("startsAt", startsAt) : problem;
  }

  /** The event's schema is not in the registry yet. */
  public static final class SchemaAwaitedException extends RetriableException {
    private static final long serialVersionUID = 1L;

    private final long leftMs;

    /**
     * Creates the exception with the registry's message.
     *
     * @param leftMs remaining wait, in milliseconds, 0 or above
     */
    public SchemaAwaitedException(String message, Throwable cause, long leftMs) {
      super(message, cause);
      this.leftMs = leftMs;
    }

    /** Returns the remaining wait, in milliseconds, 0 or above. */
    public long leftMs() {
      return leftMs;
    }
  }

  /** Bytes that are not an event. */
  public static final class UnreadableEventException extends Exception {
    private static final long serialVersionUID = 1L;

    private final RejectionReason reason;
    private final String remedy;
    private @Nullable String eventId;
    private @Nullable String type;

    UnreadableEventException(
        Remedy remedy, String record, String message, @Nullable Throwable cause) {
      super(message, cause);
      reason =
          remedy == Remedy.TOO_MANY_ELEMENTS
              ? RejectionReason.TOO_LARGE
              : RejectionReason.UNREADABLE;
      this.remedy = remedy.text(record);
    }

    UnreadableEventException of(@Nullable String id, @Nullable String payload) {
      eventId = id;
      type = payload;
      return this;
    }

    /** Returns the reason of the rejection: UNREADABLE, or TOO_LARGE for too many list elements. */
    public RejectionReason reason() {
      return reason;
    }

    /** Returns the remedy, in words. */
    public String remedy() {
      return remedy;
    }

    /** Returns the event's id as the producer wrote it; null if it cannot be read. */
    public @Nullable String eventId() {
      return eventId;
    }

    /**
     * Returns the payload's name, with its namespace if that is not the contract's; null if it
     * cannot be read. The name need not be one of the contract's.
     */
    public @Nullable String type() {
      return type;
    }
  }
}
