package dev.sluice.access;

import dev.sluice.update.SourceRef;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Net access change of a member of one or more changed products. A source is gained if no changed
 * product gave access to the source before and one does now, and lost in the opposite case. A
 * product that did not change and also gives the source cancels the change. Computed once and
 * applied to one member after the other.
 */
public final class AccessDiff {

  /**
   * A command to be emitted, for one source.
   *
   * @param grant whether access is gained; else access is lost
   * @param others the unchanged products that give the source to their members
   */
  public record Change(boolean grant, SourceRef source, ChangeCause cause, List<String> others) {}

  private final List<Change> changes;

  private AccessDiff(List<Change> changes) {
    this.changes = changes;
  }

  /**
   * Compares the sources that products gave with those that they give now.
   *
   * @param productDeltas changes of different products
   * @param others returns for a source the other products that give it to their members
   */
  public static AccessDiff of(
      List<ProductDelta> productDeltas, Function<SourceRef, List<String>> others) {
    var changes = new ArrayList<Change>();
    // Grants come first, so a user who moves between products keeps access throughout.
    collect(changes, true, productDeltas, ProductDelta::after, ProductDelta::before, others);
    collect(changes, false, productDeltas, ProductDelta::before, ProductDelta::after, others);
    return new AccessDiff(changes);
  }

  private static void collect(
      List<Change> into,
      boolean grant,
      List<ProductDelta> productDeltas,
      Function<ProductDelta, SortedSet<SourceRef>> in,
      Function<ProductDelta, SortedSet<SourceRef>> notIn,
      Function<SourceRef, List<String>> others) {
    if (productDeltas.size() == 1) { // as for most requests
      var only = productDeltas.getFirst();
      for (var source : in.apply(only)) {
        if (!notIn.apply(only).contains(source)) {
          into.add(new Change(grant, source, origin(only, source), others.apply(source)));
        }
      }
      return;
    }
    for (var source : sources(productDeltas, in, notIn)) {
      if (productDeltas.stream()
          .anyMatch(productDelta -> notIn.apply(productDelta).contains(source))) {
        continue;
      }
      var decisive = decisiveDelta(grant, source, productDeltas, in);
      into.add(new Change(grant, source, origin(decisive, source), others.apply(source)));
    }
  }

  /** Returns the delta that decides the cause: for a gain the earliest, for a loss the latest. */
  private static ProductDelta decisiveDelta(
      boolean grant,
      SourceRef source,
      List<ProductDelta> productDeltas,
      Function<ProductDelta, SortedSet<SourceRef>> in) {
    var byPosition =
        Comparator.<ProductDelta>comparingLong(
                productDelta -> origin(productDelta, source).position())
            .thenComparing(ProductDelta::productId);
    var candidates =
        productDeltas.stream().filter(productDelta -> in.apply(productDelta).contains(source));
    return (grant ? candidates.min(byPosition) : candidates.max(byPosition)).orElseThrow();
  }

  /** Returns the sources, in order, that are in one side of a delta and not in the other. */
  private static Iterable<SourceRef> sources(
      List<ProductDelta> productDeltas,
      Function<ProductDelta, SortedSet<SourceRef>> in,
      Function<ProductDelta, SortedSet<SourceRef>> notIn) {
    var found = new TreeSet<SourceRef>();
    for (var productDelta : productDeltas) {
      for (var source : in.apply(productDelta)) {
        if (!notIn.apply(productDelta).contains(source)) {
          found.add(source);
        }
      }
    }
    return found;
  }

  private static ChangeCause origin(ProductDelta productDelta, SourceRef source) {
    var changeCause = productDelta.causes().get(source);
    if (changeCause == null) {
      throw new IllegalStateException(
          "no recorded cause for source " + source + " of product " + productDelta.productId());
    }
    return changeCause;
  }

  /** Returns whether no command is due for any member. */
  public boolean isEmpty() {
    return changes.isEmpty();
  }

  /** Returns the maximum number of commands for a member. */
  public int size() {
    return changes.size();
  }

  /** Returns the unchanged products whose members may get fewer commands. */
  public Set<String> others() {
    var all = new HashSet<String>();
    changes.forEach(change -> all.addAll(change.others));
    return all;
  }

  /**
   * Emits the commands for one member.
   *
   * @param memberOf returns whether the member is a member of a given other product; null for all
   *     of them
   * @param sink takes the commands in order, grants first, then by source
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
