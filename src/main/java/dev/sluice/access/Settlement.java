package dev.sluice.access;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What moves of products mean for a member of them: a source that none of them gave and one gives
 * now is gained, one that some gave and none gives now is lost, and nothing else changes; less what
 * a product that does not move gives the member anyway. Made once, applied to one member after the
 * other.
 */
public final class Settlement {

  /**
   * A command to be, for one source.
   *
   * @param grant whether access appears; else it disappears
   * @param others the products, apart from those that move, that give the source to their members
   */
  public record Change(
      boolean grant, String sourceId, String sourceType, Origin origin, List<String> others) {}

  private final List<Change> changes;

  private Settlement(List<Change> changes) {
    this.changes = changes;
  }

  /**
   * Compares what products gave with what they give.
   *
   * @param moves of different products
   * @param others for a sourceId, the products, apart from those, that give it to their members
   */
  public static Settlement of(List<Move> moves, Function<String, List<String>> others) {
    var changes = new ArrayList<Change>();
    // Grants come first, so that a user who changes over is not without access in between.
    collect(changes, true, moves, Move::after, Move::before, others);
    collect(changes, false, moves, Move::before, Move::after, others);
    return new Settlement(changes);
  }

  private static void collect(
      List<Change> into,
      boolean grant,
      List<Move> moves,
      Function<Move, SortedMap<String, String>> in,
      Function<Move, SortedMap<String, String>> notIn,
      Function<String, List<String>> others) {
    for (var sourceId : sources(moves, in, notIn)) {
      if (moves.stream().anyMatch(move -> notIn.apply(move).containsKey(sourceId))) {
        continue;
      }
      var turned = turned(grant, sourceId, moves, in);
      into.add(
          new Change(
              grant,
              sourceId,
              Objects.requireNonNull(in.apply(turned).get(sourceId)),
              origin(turned, sourceId),
              others.apply(sourceId)));
    }
  }

  /** Access has been there since the first that gives it did, and until the last that gave it. */
  private static Move turned(
      boolean grant,
      String sourceId,
      List<Move> moves,
      Function<Move, SortedMap<String, String>> in) {
    var byPosition =
        Comparator.<Move>comparingLong(move -> origin(move, sourceId).position())
            .thenComparing(Move::productId);
    var turning = moves.stream().filter(move -> in.apply(move).containsKey(sourceId));
    return (grant ? turning.min(byPosition) : turning.max(byPosition)).orElseThrow();
  }

  /** The sources, in order, that are in one side of a move and not in the other. */
  private static Iterable<String> sources(
      List<Move> moves,
      Function<Move, SortedMap<String, String>> in,
      Function<Move, SortedMap<String, String>> notIn) {
    var found = new TreeSet<String>();
    for (var move : moves) {
      for (var sourceId : in.apply(move).keySet()) {
        if (!notIn.apply(move).containsKey(sourceId)) {
          found.add(sourceId);
        }
      }
    }
    return found;
  }

  private static Origin origin(Move move, String sourceId) {
    var origin = move.origins().get(sourceId);
    if (origin == null) {
      throw new IllegalStateException(
          "nothing turned source " + sourceId + " of product " + move.productId());
    }
    return origin;
  }

  /** Whether no member is owed anything. */
  public boolean isEmpty() {
    return changes.isEmpty();
  }

  /** How many commands a member is owed at most. */
  public int size() {
    return changes.size();
  }

  /** The products whose members may be owed less than others. */
  public Set<String> others() {
    var all = new HashSet<String>();
    changes.forEach(change -> all.addAll(change.others));
    return all;
  }

  /**
   * Emits what one member is owed.
   *
   * @param memberOf whether the member is a member of a given other product; null for all of them
   * @param sink takes the commands in order, grants first, then by sourceId
   */
  public void settle(@Nullable Predicate<String> memberOf, Consumer<Change> sink) {
    for (var change : changes) {
      if (change.others.isEmpty()
          || (memberOf != null && change.others.stream().noneMatch(memberOf))) {
        sink.accept(change);
      }
    }
  }
}
