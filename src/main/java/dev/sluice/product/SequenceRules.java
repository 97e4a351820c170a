package dev.sluice.product;

import dev.sluice.contract.RejectionReason;
import dev.sluice.event.Event;
import dev.sluice.product.Decision.Rejected;
import org.jspecify.annotations.Nullable;

/**
 * Rules about the counter that a producer keeps for each key.
 *
 * @param jumpMax maximum distance of a sequence above the last accepted one, at least 1
 */
public record SequenceRules(long jumpMax) {

  /** Maximum plausible sequence; it leaves room for later ones. */
  private static final long SEQUENCE_MAX = Long.MAX_VALUE / 2;

  /** Returns whether the event, by its sequence and eventId, was accepted before. */
  public static boolean isRepeated(Event event, SeenEvents seenEvents) {
    return event.sequence() != null
        && seenEvents.has(event.sequence())
        && !seenEvents.isOfAnother(event.sequence(), event.eventId());
  }

  /**
   * Checks the sequence of an event that was not accepted before.
   *
   * @return the rejection; null if the sequence may be accepted
   */
  public @Nullable Rejected wrong(Event event, SeenEvents seenEvents) {
    if (event.sequence() == null) {
      return null;
    }
    long sequence = event.sequence();
    var last = seenEvents.lastSequence();
    if (seenEvents.has(sequence)) {
      return new Rejected(
          RejectionReason.SEQUENCE_REUSED,
          "sequence %d was accepted with another eventId".formatted(sequence));
    }
    if (sequence < 0 || sequence > SEQUENCE_MAX) {
      return new Rejected(
          RejectionReason.IMPLAUSIBLE_SEQUENCE,
          "sequence %d is not between 0 and %d".formatted(sequence, SEQUENCE_MAX),
          "Correct the producer's counter: it counts from 0, best in steps of one. Then send the"
              + " event again.");
    }
    if (last == null) {
      return null;
    }
    if (seenEvents.isBehind(sequence)) {
      return new Rejected(
          RejectionReason.OUT_OF_ORDER,
          last - sequence < SeenEvents.WINDOW
              ? "sequence %d comes after %d, and was not accepted before".formatted(sequence, last)
              : "sequence %d comes after %d, which is too far to know whether it was accepted before"
                  .formatted(sequence, last));
    }
    return sequence - Math.max(last, 0) <= jumpMax
        ? null
        : new Rejected(
            RejectionReason.IMPLAUSIBLE_SEQUENCE,
            "sequence %d is more than %d above the last one, %d"
                .formatted(sequence, jumpMax, last));
  }
}
