package dev.sluice.product;

import org.jspecify.annotations.Nullable;

/**
 * What a product has heard already, by which a repetition is known, and what comes late. Pure.
 *
 * @param lastSequence the highest sequence that was accepted; null where none had one
 * @param seen which of the {@link #WINDOW} sequences up to the last were accepted: bit n stands for
 *     lastSequence - n. Of what an older version stored all count as accepted.
 * @param publishedBy eventId of the event that published the product; empty where an older version
 *     stored it
 */
public record SeenEvents(@Nullable Long lastSequence, long seen, String publishedBy) {

  /** So many sequences are told apart, the last among them. */
  static final int WINDOW = Long.SIZE;

  /** Of a product that this event publishes. */
  static SeenEvents first(String eventId, @Nullable Long sequence) {
    return new SeenEvents(null, 0, eventId).accepted(sequence);
  }

  /** Whether an event with that sequence was accepted for certain. */
  boolean has(long sequence) {
    if (lastSequence == null || sequence > lastSequence) {
      return false;
    }
    long back = lastSequence - sequence; // below zero where it is too far to be counted
    return back >= 0 && back < WINDOW && (seen >>> back & 1) != 0;
  }

  /** Whether that sequence is not above the last. */
  boolean isBehind(long sequence) {
    return lastSequence != null && sequence <= lastSequence;
  }

  /** With one more accepted; it is above the last, or null for none. */
  SeenEvents accepted(@Nullable Long sequence) {
    if (sequence == null) {
      return this;
    }
    long ahead = lastSequence == null ? WINDOW : sequence - lastSequence;
    long before = ahead > 0 && ahead < WINDOW ? seen << ahead : 0;
    return new SeenEvents(sequence, before | 1, publishedBy);
  }
}
