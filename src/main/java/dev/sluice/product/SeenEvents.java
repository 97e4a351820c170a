package dev.sluice.product;

import org.jspecify.annotations.Nullable;

/**
 * Accepted events of a product, by which repeated and late events are recognised. Pure.
 *
 * @param lastSequence the highest accepted sequence; null if no event had one
 * @param seen which of the {@link #WINDOW} sequences up to the last were accepted: bit n stands for
 *     lastSequence - n. In a product stored by an older version, all count as accepted.
 * @param publishedBy eventId of the event that published the product; empty if an older version
 *     stored the product
 */
public record SeenEvents(@Nullable Long lastSequence, long seen, String publishedBy) {

  /** Number of sequences that are tracked one by one, including the last. */
  static final int WINDOW = Long.SIZE;

  /** Returns the state after the event that publishes a product. */
  static SeenEvents first(String eventId, @Nullable Long sequence) {
    return new SeenEvents(null, 0, eventId).accepted(sequence);
  }

  /** Returns whether an event with that sequence was certainly accepted. */
  boolean has(long sequence) {
    if (lastSequence == null || sequence > lastSequence) {
      return false;
    }
    long back = lastSequence - sequence; // negative if the distance overflows
    return back >= 0 && back < WINDOW && (seen >>> back & 1) != 0;
  }

  /** Returns whether that sequence is not above the last. */
  boolean isBehind(long sequence) {
    return lastSequence != null && sequence <= lastSequence;
  }

  /**
   * Returns the state after one more accepted sequence, which is above the last, or null for none.
   */
  SeenEvents accepted(@Nullable Long sequence) {
    if (sequence == null) {
      return this;
    }
    long ahead = lastSequence == null ? WINDOW : sequence - lastSequence;
    long before = ahead > 0 && ahead < WINDOW ? seen << ahead : 0;
    return new SeenEvents(sequence, before | 1, publishedBy);
  }
}
