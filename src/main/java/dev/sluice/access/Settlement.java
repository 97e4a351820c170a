package dev.sluice.access;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * What one change of what a product gives means for each of its members: {@code gained = after −
 * before}, {@code lost = before − after}, less what another product gives the member anyway. Made
 * once for the change, applied to one member after the other.
 */
public final class Settlement {

  /**
   * A command to be, for one source.
   *
   * @param grant whether access appears; else it disappears
   * @param others the other products that give the source to their members
   */
  record Change(boolean grant, String sourceId, String sourceType, List<String> others) {}

  private final List<Change> changes;

  private Settlement(List<Change> changes) {
    this.changes = changes;
  }

  /**
   * Compares what a product gave with what it gives.
   *
   * @param before type by sourceId, as it was
   * @param after type by sourceId, as it is
   * @param others for a sourceId, the other products that give it to their members
   */
  public static Settlement of(
      SortedMap<String, String> before,
      SortedMap<String, String> after,
      Function<String, List<String>> others) {
    var changes = new ArrayList<Change>();
    // Grants come first, so that a user who changes over is not without access in between.
    collect(changes, true, after, before, others);
    collect(changes, false, before, after, others);
    return new Settlement(changes);
  }

  private static void collect(
      List<Change> into,
      boolean grant,
      SortedMap<String, String> in,
      SortedMap<String, String> notIn,
      Function<String, List<String>> others) {
    for (Map.Entry<String, String> source : in.entrySet()) {
      if (!notIn.containsKey(source.getKey())) {
        var id = source.getKey();
        into.add(new Change(grant, id, source.getValue(), others.apply(id)));
      }
    }
  }

  /** Whether no member is owed anything. */
  public boolean isEmpty() {
    return changes.isEmpty();
  }

  /**
   * Emits what one member is owed.
   *
   * @param memberOf whether the member is a member of a given other product
   * @param sink takes the commands in order, grants first, then by sourceId
   */
  public void settle(Predicate<String> memberOf, Sink sink) {
    for (var change : changes) {
      if (change.others.isEmpty() || change.others.stream().noneMatch(memberOf)) {
        sink.emit(change.grant, change.sourceId, change.sourceType);
      }
    }
  }

  /** Takes the commands that one member is owed. */
  @FunctionalInterface
  public interface Sink {
    /**
     * Takes one command.
     *
     * @param grant GRANT, or else REVOKE
     */
    void emit(boolean grant, String sourceId, String sourceType);
  }
}
