package dev.sluice.access;

import dev.sluice.keys.StoreKeys;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Progress of a product's newest revision over its members. The members, sorted by userId, are cut
 * into segments; all members of a segment are at one revision. The sweep goes round and brings one
 * segment after the other to the target. A newer revision only replaces the target. Members not yet
 * processed go directly to it; members already processed are processed again.
 *
 * @param target the newest revision
 * @param cursor the last processed member; empty before the first
 * @param segments by userId, adjacent ones at different revisions; the last one is open
 */
public record Sweep(long target, String cursor, List<Segment> segments) {

  /**
   * A run of members at one revision, except those who were settled ahead.
   *
   * @param upTo the last userId; null for no limit
   */
  public record Segment(@Nullable String upTo, long revision) {}

  /**
   * The members to be processed next.
   *
   * @param after the userId before the first member; empty for the beginning
   * @param upTo the last userId; null for no limit
   * @param revision the members' revision
   */
  public record Range(String after, @Nullable String upTo, long revision) {}

  /** Copies the list. */
  public Sweep {
    segments = List.copyOf(segments);
    if (segments.isEmpty() || segments.getLast().upTo() != null) {
      throw new IllegalArgumentException("the last segment of a sweep is open");
    }
  }

  /** Returns a new sweep of members who are all at the same revision. */
  public static Sweep from(long revision, long target) {
    return new Sweep(target, "", List.of(new Segment(null, revision)));
  }

  /** Returns the sweep with a newer target. */
  public Sweep to(long newTarget) {
    return new Sweep(newTarget, cursor, segments);
  }

  /** Returns the lowest revision that any member may be at. */
  public long floor() {
    return segments.stream().mapToLong(Segment::revision).min().orElseThrow();
  }

  /** Returns whether all members are at the target. */
  public boolean isDone() {
    return floor() == target;
  }

  /**
   * Returns the revision that a member is at.
   *
   * @param mark the revision to which the member was settled ahead; 0 for none
   */
  public long settledRevision(String userId, long mark) {
    for (var segment : segments) {
      if (segment.upTo() == null || StoreKeys.ORDER.compare(userId, segment.upTo()) <= 0) {
        return Math.max(segment.revision(), mark);
      }
    }
    throw new AssertionError("the last segment is open");
  }

  /**
   * Returns the next range, from the cursor on and then from the beginning; null if all is done.
   */
  public @Nullable Range next() {
    var fromCursor = next(cursor);
    return fromCursor != null || cursor.isEmpty() ? fromCursor : next("");
  }

  private @Nullable Range next(String from) {
    var after = "";
    for (var segment : segments) {
      var upTo = segment.upTo();
      var ahead = upTo == null || StoreKeys.ORDER.compare(upTo, from) > 0;
      if (ahead && segment.revision() != target) {
        return new Range(later(after, from), upTo, segment.revision());
      }
      after = upTo == null ? "" : upTo;
    }
    return null;
  }

  private static String later(String a, String b) {
    return StoreKeys.ORDER.compare(a, b) >= 0 ? a : b;
  }

  /** Returns the sweep after the whole range was processed. */
  public Sweep done(Range range) {
    return with(range, range.upTo());
  }

  /** Returns the sweep after the range was processed up to that member. */
  public Sweep done(Range range, String userId) {
    return with(range, userId);
  }

  private Sweep with(Range range, @Nullable String end) {
    var cut = new ArrayList<Segment>();
    var after = "";
    for (var segment : segments) {
      var upTo = segment.upTo();
      if (!Objects.equals(upTo, range.upTo())) {
        cut.add(segment);
      } else {
        if (StoreKeys.ORDER.compare(after, range.after()) < 0) {
          cut.add(new Segment(range.after(), segment.revision()));
        }
        cut.add(new Segment(end, target));
        if (end != null && !end.equals(upTo)) {
          cut.add(segment);
        }
      }
      after = upTo == null ? "" : upTo;
    }
    return new Sweep(target, end == null ? "" : end, merged(cut));
  }

  private static List<Segment> merged(List<Segment> stretches) {
    var merged = new ArrayList<Segment>();
    for (var segment : stretches) {
      if (!merged.isEmpty() && merged.getLast().revision() == segment.revision()) {
        merged.removeLast();
      }
      merged.add(segment);
    }
    return merged;
  }
}
