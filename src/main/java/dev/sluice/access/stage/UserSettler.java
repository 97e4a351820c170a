package dev.sluice.access.stage;

import dev.sluice.access.AccessDiff;
import dev.sluice.access.ChangeCause;
import dev.sluice.access.CommandSink;
import dev.sluice.access.ProductDelta;
import dev.sluice.access.Revision;
import dev.sluice.access.Sweep;
import dev.sluice.update.AccessUpdate.MembershipChanged;
import dev.sluice.update.SourceRef;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Settles one user: applies every pending revision of the user's products, and emits the net
 * difference. Every change of a user does this first, so a user's changes happen in order.
 */
final class UserSettler {
  private final ProductRevisionStore copies;
  private final Memberships memberships;
  private final SweepStore sweepStore;

  UserSettler(ProductRevisionStore copies, Memberships memberships, SweepStore sweepStore) {
    this.copies = copies;
    this.memberships = memberships;
    this.sweepStore = sweepStore;
  }

  /**
   * Adds or removes a user's membership.
   *
   * @param position the position in the order of all updates
   */
  void change(MembershipChanged changed, long position, CommandSink commandSink) {
    var userId = changed.userId();
    var productId = changed.productId();
    var product = copies.newest(productId);
    if (product == null) {
      throw new IllegalStateException("membership of the unknown product " + productId);
    }
    var others = memberships.productsOf(userId);
    if (others.remove(productId) == changed.member()) {
      throw new IllegalStateException(
          "user " + userId + " changes to what holds already for product " + productId);
    }
    var changeCause = new ChangeCause(productId, changed.reason(), changed.cause(), position);
    var sweep = sweepStore.get(productId);
    if (changed.member()) {
      settle(userId, others, ProductDelta.joined(product, changeCause), commandSink);
      memberships.add(userId, productId);
      if (sweep != null) {
        memberships.mark(userId, productId, sweep.target());
      }
    } else {
      settle(
          userId, others, own(userId, product, sweep, changeCause).left(changeCause), commandSink);
      memberships.remove(userId, productId);
    }
  }

  private ProductDelta own(
      String userId, Revision product, @Nullable Sweep sweep, ChangeCause changeCause) {
    var productId = changeCause.productId();
    return sweep == null
        ? ProductDelta.over(productId, List.of(product).iterator())
        : copies.delta(
            productId, sweep.settledRevision(userId, memberships.mark(userId, productId)));
  }

  /**
   * Settles a user whom a sweep has reached.
   *
   * @param sweptId the product that is being swept, which needs no mark
   */
  void settle(String userId, String sweptId, CommandSink commandSink) {
    var others = memberships.productsOf(userId);
    others.remove(sweptId);
    var sweep = sweepStore.get(sweptId);
    var swept =
        sweep == null
            ? null
            : copies.delta(
                sweptId, sweep.settledRevision(userId, memberships.mark(userId, sweptId)));
    settle(userId, others, swept, commandSink);
  }

  /** Applies every pending revision of a user's products. */
  void settle(String userId, CommandSink commandSink) {
    if (!sweepStore.isEmpty()) {
      settle(userId, memberships.productsOf(userId), null, commandSink);
    }
  }

  /** Returns whether the user is a member of the product and not at its newest revision. */
  boolean isBehind(String userId, String productId) {
    var sweep = sweepStore.get(productId);
    if (sweep == null) {
      return false;
    }
    var mark = memberships.mark(userId, productId);
    return mark != Memberships.NO_MEMBER && sweep.settledRevision(userId, mark) != sweep.target();
  }

  private void settle(
      String userId, List<String> others, @Nullable ProductDelta own, CommandSink commandSink) {
    var productDeltas =
        sweepStore.isEmpty() ? new ArrayList<ProductDelta>() : behind(userId, others);
    if (own != null) {
      productDeltas.add(own);
    }
    var accessDiff = AccessDiff.of(productDeltas, source -> giver(others, source));
    accessDiff.settle(null, change -> commandSink.emit(userId, change));
  }

  /** Returns one of the products that gives the source; the user is a member of each. */
  private List<String> giver(List<String> productIds, SourceRef source) {
    for (var productId : productIds) {
      if (copies.provides(productId, source)) {
        return List.of(productId);
      }
    }
    return List.of();
  }

  /**
   * Returns the deltas of products whose newest revision the user has not reached, and marks the
   * user there.
   */
  private List<ProductDelta> behind(String userId, List<String> productIds) {
    var productDeltas = new ArrayList<ProductDelta>();
    for (Iterator<String> ids = productIds.iterator(); ids.hasNext(); ) {
      var productId = ids.next();
      var sweep = sweepStore.get(productId);
      if (sweep != null) {
        var stands = sweep.settledRevision(userId, memberships.mark(userId, productId));
        if (stands != sweep.target()) {
          productDeltas.add(copies.delta(productId, stands));
          memberships.mark(userId, productId, sweep.target());
          ids.remove();
        }
      }
    }
    return productDeltas;
  }
}
