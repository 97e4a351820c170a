package dev.sluice.access;

import dev.sluice.access.AccessUpdate.ProductRevised;
import dev.sluice.access.Slicing.Slice;
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
      @Nullable Settlement settlement,
      int size,
      Set<String> entangled,
      boolean deleted,
      long epoch) {}

  private final ProductCopies copies;
  private final Memberships memberships;
  private final Sweeps sweeps;
  private final Settler settler;
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
  Sweeper(ProductCopies copies, Memberships memberships, Sweeps sweeps, Settler settler, int few) {
    this.copies = copies;
    this.memberships = memberships;
    this.sweeps = sweeps;
    this.settler = settler;
    this.few = few;
  }

  /**
   * A product has a new revision; as many members as are in the slice are settled at once.
   *
   * @param position its place in the order of all updates
   * @param members how many members the product has here, as far as is known
   */
  void revise(ProductRevised revised, long position, long members, Slice slice, Sink sink) {
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
    var sweep = sweeps.get(productId);
    if (sweep != null) {
      copies.replace(productId, before, after, true);
      sweeps.restart(productId, sweep.to(after.number()), members);
    } else if (before.given().equals(after.given()) && !after.deleted()) {
      copies.replace(productId, before, after, false);
    } else {
      copies.replace(productId, before, after, true);
      sweeps.begin(
          productId,
          Sweep.from(before.number(), after.number()),
          new SweepExtent(revised.cause().arrivedAtMs(), members));
      work(productId, members <= few, slice, sink);
    }
  }

  /** The product has no member here any more. */
  void forget(String productId) {
    epoch++;
    dropOlder(productId);
    sweeps.remove(productId);
    copies.remove(productId);
  }

  private void dropOlder(String productId) {
    var sweep = sweeps.get(productId);
    if (sweep != null) {
      copies.dropBelow(productId, sweep.floor(), Long.MAX_VALUE);
    }
  }

  /** Does one slice's work, of one product after the other. */
  void work(Slice slice, Sink sink) {
    for (var id = sweeps.after(lastServed); id != null; id = sweeps.after(lastServed)) {
      lastServed = id;
      if (work(id, slice, sink)) {
        return;
      }
    }
  }

  /** Works on one product until all is done or the slice ends; says whether the slice ended. */
  boolean work(String productId, Slice slice, Sink sink) {
    return work(productId, false, slice, sink);
  }

  /**
   * The same.
   *
   * @param alone whether each member is settled on its own
   */
  private boolean work(String productId, boolean alone, Slice slice, Sink sink) {
    while (true) {
      var sweep = sweeps.get(productId);
      var part = sweep == null ? null : sweep.next();
      if (sweep == null || part == null) {
        throw new IllegalStateException("nothing to sweep in product " + productId);
      }
      var visit = new Visit(plan(productId, part, alone), sweep, slice, sink);
      var all = memberships.visit(productId, part, visit);
      var left = all ? sweep.done(part) : sweep.done(part, visit.last);
      if (left.isDone()) {
        finish(productId, visit.plan.deleted);
        return visit.ended;
      }
      sweeps.advance(productId, left, visit.visited);
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
      sweeps.remove(productId);
    }
  }

  private Plan plan(String productId, Sweep.Part part, boolean alone) {
    var plan = lastPlan;
    if (plan == null
        || plan.epoch != epoch
        || plan.from != part.revision()
        || !plan.productId.equals(productId)) {
      var newest = copies.newest(productId);
      var deleted = newest != null && newest.deleted();
      plan = alone ? planAlone(productId, part, deleted) : newPlan(productId, part, deleted);
      lastPlan = plan;
    }
    return plan;
  }

  private Plan planAlone(String productId, Sweep.Part part, boolean deleted) {
    var size = copies.move(productId, part.revision()).origins().size();
    return new Plan(productId, part.revision(), null, size, Set.of(), deleted, epoch);
  }

  private Plan newPlan(String productId, Sweep.Part part, boolean deleted) {
    var entangled = new HashSet<String>();
    var settlement =
        Settlement.of(
            List.of(copies.move(productId, part.revision())),
            source -> {
              var givers = copies.givers(source, productId);
              givers.forEach(
                  giver -> {
                    if (sweeps.contains(giver.productId())) {
                      entangled.add(giver.productId());
                    }
                  });
              return givers.stream()
                  .filter(ProductCopies.Giver::now)
                  .map(ProductCopies.Giver::productId)
                  .toList();
            });
    return new Plan(
        productId, part.revision(), settlement, settlement.size(), entangled, deleted, epoch);
  }

  /** Settles the members of a part, one after the other. */
  private final class Visit implements Memberships.Visitor {
    private final Plan plan;
    private final Sweep sweep;
    private final Slice slice;
    private final Sink sink;
    private final MemberOf memberOf;
    private String last = "";
    private long visited;
    private boolean ended;

    Visit(Plan plan, Sweep sweep, Slice slice, Sink sink) {
      this.plan = plan;
      this.sweep = sweep;
      this.slice = slice;
      this.sink = sink;
      var settlement = plan.settlement;
      memberOf =
          new MemberOf(
              plan.entangled.size() + (settlement == null ? 0 : settlement.others().size()));
    }

    @Override
    public boolean visit(String userId, long mark) {
      last = userId;
      visited++;
      memberOf.begin(userId);
      if (mark < sweep.target()) {
        var settlement = plan.settlement;
        if (settlement == null || mark > plan.from || isEntangled(userId)) {
          settler.settle(userId, plan.productId, sink);
        } else {
          settlement.settle(memberOf, change -> sink.emit(userId, change));
        }
      }
      if (plan.deleted) {
        memberships.remove(userId, plan.productId);
      }
      ended = slice.endsAfter(1 + plan.size);
      return !ended;
    }

    private boolean isEntangled(String userId) {
      for (var other : plan.entangled) {
        if (memberOf.test(other) && settler.isBehind(userId, other)) {
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
