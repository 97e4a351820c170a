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
 * What moves of products mean for a member of them: a source that none of them gave and one gives
 * now is gained, one that some gave and none gives now is lost, and nothing else changes; less what
 * a product that does not move gives the member anyway. Made once, applied to one member after the
 * other.
 */
public final class AccessDiff {

  /**
   * A command to be, for one source.
   *
   * @param grant whether access appears; else it disappears
   * @param others the products, apart from those that move, that give the source to their members
   */
  public record Change(boolean grant, SourceRef source, ChangeCause cause, List<String> others) {}

  private final List<Change> changes;

  private AccessDiff(List<Change> changes) {
    this.changes = changes;
  }

  /**
   * Compares what products gave with what they give.
   *
   * @param productDeltas of different products
   * @param others for a source, the products, apart from those, that give it to their members
   */
  public static AccessDiff of(
      List<ProductDelta> productDeltas, Function<SourceRef, List<String>> others) {
    var changes = new ArrayList<Change>();
    // Grants come first, so that a user who changes over is not without access in between.
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
    for (var source : sources(productDeltas, in, notIn)) {
      if (productDeltas.stream()
          .anyMatch(productDelta -> notIn.apply(productDelta).contains(source))) {
        continue;
      }
      var turned = turned(grant, source, productDeltas, in);
      into.add(new Change(grant, source, origin(turned, source), others.apply(source)));
    }
  }

  /** Access has been there since the first that gives it did, and until the last that gave it. */
  private static ProductDelta turned(
      boolean grant,
      SourceRef source,
      List<ProductDelta> productDeltas,
      Function<ProductDelta, SortedSet<SourceRef>> in) {
    var byPosition =
        Comparator.<ProductDelta>comparingLong(
                productDelta -> origin(productDelta, source).position())
            .thenComparing(ProductDelta::productId);
    var turning =
        productDeltas.stream().filter(productDelta -> in.apply(productDelta).contains(source));
    return (grant ? turning.min(byPosition) : turning.max(byPosition)).orElseThrow();
  }

  /** The sources, in order, that are in one side of a move and not in the other. */
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
          "nothing turned source " + source + " of product " + productDelta.productId());
    }
    return changeCause;
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
