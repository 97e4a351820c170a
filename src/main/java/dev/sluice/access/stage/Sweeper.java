package dev.sluice.access.stage;

import dev.sluice.access.AccessDiff;
import dev.sluice.access.CommandSink;
import dev.sluice.access.Revision;
import dev.sluice.access.Sweep;
import dev.sluice.access.SweepProgress;
import dev.sluice.streams.SweepScheduling.WorkBudget;
import dev.sluice.update.AccessUpdate.ProductRevised;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Applies the revisions of products to their members, in slices. A slice ends with its budget; the
 * next one continues there, possibly in another process.
 */
final class Sweeper {

  /**
   * The commands for the members at one revision, valid while no product changes.
   *
   * @param settlement the diff for all members; null if each member is settled individually
   * @param size maximum number of commands per member
   * @param entangled products that are also being swept and share sources; a member who is behind
   *     in one of them is settled completely
   * @param epoch the epoch at which the plan was made
   */
  private record Plan(
      String productId,
      long from,
      @Nullable AccessDiff settlement,
      int size,
      Set<String> entangled,
      boolean deleted,
      long epoch) {}

  private final ProductRevisionStore copies;
  private final Memberships memberships;
  private final SweepStore sweepStore;
  private final UserSettler userSettler;
  private final int few;

  /** Counts the changes of all products; a plan of an earlier epoch is computed again. */
  private long epoch;

  private @Nullable Plan lastPlan;
  private String lastServed = "";

  /**
   * Creates a sweeper over a task's state.
   *
   * @param few maximum number of members who are settled individually
   */
  Sweeper(
      ProductRevisionStore copies,
      Memberships memberships,
      SweepStore sweepStore,
      UserSettler userSettler,
      int few) {
    this.copies = copies;
    this.memberships = memberships;
    this.sweepStore = sweepStore;
    this.userSettler = userSettler;
    this.few = few;
  }

  /**
   * Adds a new revision of a product, and settles the members within the inline budget at once.
   *
   * @param position the position in the order of all updates
   * @param members the number of the product's members here, as far as known
   */
  void revise(
      ProductRevised revised,
      long position,
      long members,
      WorkBudget budget,
      CommandSink commandSink) {
    var productId = revised.productId();
    var before = copies.newest(productId);
    var after = new Revision(revised.copy(), revised.deleted(), revised.cause(), position);
    epoch++;
    if (before == null) {
      copies.add(productId, after);
      return;
    }
    if (before.number() >= after.number()) {
      throw new IllegalStateException(
          "product %s goes from revision %d back to %d"
              .formatted(productId, before.number(), after.number()));
    }
    var sweep = sweepStore.get(productId);
    if (sweep != null) {
      copies.replace(productId, before, after, true);
      sweepStore.restart(productId, sweep.to(after.number()), members);
    } else if (before.provided().equals(after.provided()) && !after.deleted()) {
      copies.replace(productId, before, after, false);
    } else {
      copies.replace(productId, before, after, true);
      sweepStore.begin(
          productId,
          Sweep.from(before.number(), after.number()),
          new SweepProgress(revised.cause().arrivedAtMs(), members));
      work(productId, members <= few, budget, commandSink);
    }
  }

  /** Drops a product that has no member here any more. */
  void forget(String productId) {
    epoch++;
    dropOlder(productId);
    sweepStore.remove(productId);
    copies.remove(productId);
  }

  private void dropOlder(String productId) {
    var sweep = sweepStore.get(productId);
    if (sweep != null) {
      copies.dropBelow(productId, sweep.floor(), Long.MAX_VALUE);
    }
  }

  /** Does one slice's work, one product after the other; returns whether the slice ended. */
  boolean work(WorkBudget budget, CommandSink commandSink) {
    for (var id = sweepStore.after(lastServed); id != null; id = sweepStore.after(lastServed)) {
      lastServed = id;
      if (work(id, budget, commandSink)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Sweeps one product until all members are settled or the slice ends; returns whether the slice
   * ended.
   */
  boolean work(String productId, WorkBudget budget, CommandSink commandSink) {
    return work(productId, false, budget, commandSink);
  }

  /**
   * Sweeps one product.
   *
   * @param alone whether each member is settled individually
   */
  private boolean work(
      String productId, boolean alone, WorkBudget budget, CommandSink commandSink) {
    while (true) {
      var sweep = sweepStore.get(productId);
      var range = sweep == null ? null : sweep.next();
      if (sweep == null || range == null) {
        throw new IllegalStateException("nothing to sweep in product " + productId);
      }
      var visit = new Visit(plan(productId, range, alone), sweep, budget, commandSink);
      var all = memberships.visit(productId, range, visit);
      var left = all ? sweep.done(range) : sweep.done(range, visit.last);
      if (left.isDone()) {
        finish(productId, visit.plan.deleted);
        return visit.ended;
      }
      sweepStore.advance(productId, left, visit.visited);
      if (left.floor() > sweep.floor()) {
        copies.dropBelow(productId, sweep.floor(), left.floor());
        epoch++;
      }
      if (visit.ended) {
        return true;
      }
    }
  }

  private void finish(String productId, boolean deleted) {
    if (deleted) {
      forget(productId);
    } else {
      epoch++;
      dropOlder(productId);
      sweepStore.remove(productId);
    }
  }

  private Plan plan(String productId, Sweep.Range range, boolean alone) {
    var plan = lastPlan;
    if (plan == null
        || plan.epoch != epoch
        || plan.from != range.revision()
        || !plan.productId.equals(productId)) {
      var newest = copies.newest(productId);
      var deleted = newest != null && newest.deleted();
      plan = alone ? planAlone(productId, range, deleted) : newPlan(productId, range, deleted);
      lastPlan = plan;
    }
    return plan;
  }

  private Plan planAlone(String productId, Sweep.Range range, boolean deleted) {
    var size = copies.delta(productId, range.revision()).causes().size();
    return new Plan(productId, range.revision(), null, size, Set.of(), deleted, epoch);
  }

  private Plan newPlan(String productId, Sweep.Range range, boolean deleted) {
    var entangled = new HashSet<String>();
    var accessDiff =
        AccessDiff.of(
            List.of(copies.delta(productId, range.revision())),
            source -> {
              var providers = copies.providers(source, productId);
              providers.forEach(
                  provider -> {
                    if (sweepStore.contains(provider.productId())) {
                      entangled.add(provider.productId());
                    }
                  });
              return providers.stream()
                  .filter(ProductRevisionStore.Provider::now)
                  .map(ProductRevisionStore.Provider::productId)
                  .toList();
            });
    return new Plan(
        productId, range.revision(), accessDiff, accessDiff.size(), entangled, deleted, epoch);
  }

  /** Settles the members of a range, one after the other. */
  private final class Visit implements Memberships.Visitor {
    private final Plan plan;
    private final Sweep sweep;
    private final WorkBudget budget;
    private final CommandSink commandSink;
    private final MemberOf memberOf;
    private String last = "";
    private long visited;
    private boolean ended;

    Visit(Plan plan, Sweep sweep, WorkBudget budget, CommandSink commandSink) {
      this.plan = plan;
      this.sweep = sweep;
      this.budget = budget;
      this.commandSink = commandSink;
      var accessDiff = plan.settlement;
      memberOf =
          new MemberOf(
              plan.entangled.size() + (accessDiff == null ? 0 : accessDiff.others().size()));
    }

    @Override
    public boolean visit(String userId, long mark) {
      last = userId;
      visited++;
      memberOf.begin(userId);
      if (mark < sweep.target()) {
        var accessDiff = plan.settlement;
        if (accessDiff == null || mark > plan.from || isEntangled(userId)) {
          userSettler.settle(userId, plan.productId, commandSink);
        } else {
          accessDiff.settle(memberOf, change -> commandSink.emit(userId, change));
        }
      }
      if (plan.deleted) {
        memberships.remove(userId, plan.productId);
      }
      ended = budget.endsAfter(1 + plan.size);
      return !ended;
    }

    private boolean isEntangled(String userId) {
      for (var other : plan.entangled) {
        if (memberOf.test(other) && userSettler.isBehind(userId, other)) {
          return true;
        }
      }
      return false;
    }
  }

  /**
   * Checks whether one user is a member of a product. A few products are read one by one, each
   * once; for many, the user's memberships are read instead.
   */
  private final class MemberOf implements Predicate<String> {
    private static final int FEW = 4;

    private final Map<String, Boolean> known = new HashMap<>();
    private final boolean few;
    private String userId = "";
    private @Nullable Set<String> all;

    MemberOf(int products) {
      few = products <= FEW;
    }

    void begin(String userId) {
      this.userId = userId;
      known.clear();
      all = null;
    }

    @Override
    public boolean test(String productId) {
      if (few) {
        return known.computeIfAbsent(productId, id -> memberships.contains(userId, id));
      }
      var mine = all;
      if (mine == null) {
        mine = new HashSet<>(memberships.productsOf(userId));
        all = mine;
      }
      return mine.contains(productId);
    }
  }
}
