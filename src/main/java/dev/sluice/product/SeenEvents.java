package dev.sluice.product;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Accepted events of a product, or of a user, by which repeated and late events are recognised.
 * Pure.
 *
 * @param lastSequence the highest accepted sequence; null if no event had one
 * @param seen which of the {@link #WINDOW} sequences up to the last were accepted: bit n stands for
 *     lastSequence - n. In a product stored by an older version, all count as accepted.
 * @param publishedBy eventId of the event that published the product; empty if an older version
 *     stored the product, or for a user
 * @param eventHashes hashes of the eventIds that the tracked sequences came with: entry n stands
 *     for lastSequence - n. 0, or a missing entry at the end, stands for a sequence that was not
 *     accepted, or was accepted by an older version, which kept no hash.
 */
public record SeenEvents(
    @Nullable Long lastSequence, long seen, String publishedBy, List<Integer> eventHashes) {

  /** Number of sequences that are tracked one by one, including the last. */
  static final int WINDOW = Long.SIZE;

  /** Copies the list. */
  public SeenEvents {
    eventHashes = List.copyOf(eventHashes);
  }

  /** Returns the state before the first event about a user. */
  public static SeenEvents none() {
    return new SeenEvents(null, 0, "", List.of());
  }

  /** Returns the state before the event that publishes a product. */
  static SeenEvents first(String eventId) {
    return new SeenEvents(null, 0, eventId, List.of());
  }

  /** Returns whether an event with that sequence was certainly accepted. */
  boolean has(long sequence) {
    if (lastSequence == null || sequence > lastSequence) {
      return false;
    }
    long back = lastSequence - sequence; // negative if the distance overflows
    return back >= 0 && back < WINDOW && (seen >>> back & 1) != 0;
  }

  /**
   * Returns whether a sequence that was accepted came with another eventId. False also if it is not
   * known with which.
   */
  boolean isOfAnother(long sequence, String eventId) {
    if (lastSequence == null) {
      return false;
    }
    long back = lastSequence - sequence;
    int hash = back >= 0 && back < eventHashes.size() ? eventHashes.get((int) back) : 0;
    return hash != 0 && hash != hash(eventId);
  }

  /** Returns the hash of an eventId; never 0. Collisions make a reused sequence a duplicate. */
  private static int hash(String eventId) {
    int hash = eventId.hashCode();
    return hash == 0 ? 1 : hash;
  }

  /** Returns whether that sequence is not above the last. */
  boolean isBehind(long sequence) {
    return lastSequence != null && sequence <= lastSequence;
  }

  /**
   * Returns the state after one more accepted event.
   *
   * @param sequence its sequence, which is above the last; null for none
   */
  public SeenEvents accepted(@Nullable Long sequence, String eventId) {
    if (sequence == null) {
      return this;
    }
    long ahead = lastSequence == null ? WINDOW : sequence - lastSequence;
    long before = ahead > 0 && ahead < WINDOW ? seen << ahead : 0;
    var hashes = new ArrayList<Integer>();
    hashes.add(hash(eventId));
    for (long n = 1; n < Math.min(ahead, WINDOW); n++) {
      hashes.add(0);
    }
    if (ahead > 0 && ahead < WINDOW) {
      hashes.addAll(eventHashes.subList(0, (int) Math.min(eventHashes.size(), WINDOW - ahead)));
    }
    while (hashes.getLast() == 0) {
      hashes.removeLast();
    }
    return new SeenEvents(sequence, before | 1, publishedBy, hashes);
  }
}
