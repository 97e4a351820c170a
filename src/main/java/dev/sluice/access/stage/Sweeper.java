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
 * Spreads the revisions of products over their members, slice by slice: a slice ends where it is
 * told to, and the next one goes on there, be it in another process.
 */
final class Sweeper {

  /**
   * What the members at one revision are owed, as long as no product changes.
   *
   * @param settlement is the same for all; null where each is settled on its own
   * @param size how many commands one is owed at most
   * @param entangled products that are being swept too and have to do with the same sources: who is
   *     behind there is settled whole
   * @param epoch when it was made
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

  /** Counts the changes of any product: a plan that was made before one is made again. */
  private long epoch;

  private @Nullable Plan lastPlan;
  private String lastServed = "";

  /**
   * With a task's state.
   *
   * @param few up to so many members are settled each on its own
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
   * A product has a new revision; as many members as are in the slice are settled at once.
   *
   * @param position its place in the order of all updates
   * @param members how many members the product has here, as far as is known
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

  /** The product has no member here any more. */
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

  /** Does one slice's work, of one product after the other. */
  void work(WorkBudget budget, CommandSink commandSink) {
    for (var id = sweepStore.after(lastServed); id != null; id = sweepStore.after(lastServed)) {
      lastServed = id;
      if (work(id, budget, commandSink)) {
        return;
      }
    }
  }

  /** Works on one product until all is done or the slice ends; says whether the slice ended. */
  boolean work(String productId, WorkBudget budget, CommandSink commandSink) {
    return work(productId, false, budget, commandSink);
  }

  /**
   * The same.
   *
   * @param alone whether each member is settled on its own
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

  /** Settles the members of a part, one after the other. */
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
   * Whether one user is a member of a product. Few products are looked up one by one, each once; of
   * many, those that the user is a member of are read instead.
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
