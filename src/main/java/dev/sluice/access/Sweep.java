package dev.sluice.access;

import dev.sluice.serde.StoreKeys;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How far a product's newest revision has spread over its members. The members, by userId, are cut
 * into stretches whose members stand at one revision; the sweep goes round and brings one stretch
 * after the other to the target. A revision that comes meanwhile is a new target and no more: what
 * is not reached goes straight to it, what is reached already is reached again.
 *
 * @param target the newest revision
 * @param cursor the last member done; empty before the first
 * @param stretches by userId, adjacent ones at different revisions; the last one is open
 */
public record Sweep(long target, String cursor, List<Stretch> stretches) {

  /**
   * Members next to each other who stand at one revision, but for those who were settled ahead.
   *
   * @param upTo the last userId; null for all that come
   */
  public record Stretch(@Nullable String upTo, long revision) {}

  /**
   * The members to be done next.
   *
   * @param after the userId that they come after; empty for the first
   * @param upTo the last userId; null for all that come
   * @param revision where they stand
   */
  public record Part(String after, @Nullable String upTo, long revision) {}

  /** Keeps its own copy. */
  public Sweep {
    stretches = List.copyOf(stretches);
    if (stretches.isEmpty() || stretches.getLast().upTo() != null) {
      throw new IllegalArgumentException("the last stretch of a sweep is open");
    }
  }

  /** The beginning of one, when all members stand at the same revision. */
  public static Sweep from(long revision, long target) {
    return new Sweep(target, "", List.of(new Stretch(null, revision)));
  }

  /** The same with a newer target. */
  public Sweep to(long newTarget) {
    return new Sweep(newTarget, cursor, stretches);
  }

  /** The lowest revision that a member may stand at. */
  public long floor() {
    return stretches.stream().mapToLong(Stretch::revision).min().orElseThrow();
  }

  /** Whether all members are at the target. */
  public boolean isDone() {
    return floor() == target;
  }

  /**
   * The revision that a member stands at.
   *
   * @param mark the revision to which the member was settled ahead; 0 for none
   */
  public long standsAt(String userId, long mark) {
    for (var stretch : stretches) {
      if (stretch.upTo() == null || StoreKeys.ORDER.compare(userId, stretch.upTo()) <= 0) {
        return Math.max(stretch.revision(), mark);
      }
    }
    throw new AssertionError("the last stretch is open");
  }

  /** What is to be done next: from the cursor on, and round; null when all is done. */
  public @Nullable Part next() {
    var fromCursor = next(cursor);
    return fromCursor != null || cursor.isEmpty() ? fromCursor : next("");
  }

  private @Nullable Part next(String from) {
    var after = "";
    for (var stretch : stretches) {
      var upTo = stretch.upTo();
      var ahead = upTo == null || StoreKeys.ORDER.compare(upTo, from) > 0;
      if (ahead && stretch.revision() != target) {
        return new Part(later(after, from), upTo, stretch.revision());
      }
      after = upTo == null ? "" : upTo;
    }
    return null;
  }

  private static String later(String a, String b) {
    return StoreKeys.ORDER.compare(a, b) >= 0 ? a : b;
  }

  /** After the whole part was done. */
  public Sweep done(Part part) {
    return with(part, part.upTo());
  }

  /** After the part was done up to that member. */
  public Sweep done(Part part, String userId) {
    return with(part, userId);
  }

  private Sweep with(Part part, @Nullable String end) {
    var cut = new ArrayList<Stretch>();
    var after = "";
    for (var stretch : stretches) {
      var upTo = stretch.upTo();
      if (!Objects.equals(upTo, part.upTo())) {
        cut.add(stretch);
      } else {
        if (StoreKeys.ORDER.compare(after, part.after()) < 0) {
          cut.add(new Stretch(part.after(), stretch.revision()));
        }
        cut.add(new Stretch(end, target));
        if (end != null && !end.equals(upTo)) {
          cut.add(stretch);
        }
      }
      after = upTo == null ? "" : upTo;
    }
    return new Sweep(target, end == null ? "" : end, merged(cut));
  }

  private static List<Stretch> merged(List<Stretch> stretches) {
    var merged = new ArrayList<Stretch>();
    for (var stretch : stretches) {
      if (!merged.isEmpty() && merged.getLast().revision() == stretch.revision()) {
        merged.removeLast();
      }
      merged.add(stretch);
    }
    return merged;
  }
}
