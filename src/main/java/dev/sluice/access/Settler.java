package dev.sluice.access;

import dev.sluice.access.AccessUpdate.MembershipChanged;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Settles one user: brings them up to date with every revision that is still spreading over one of
 * their products, and emits the net difference. Whatever touches a user does this first, so that
 * what happens to a user happens in order.
 */
final class Settler {
  private final ProductCopies copies;
  private final Memberships memberships;
  private final Sweeps sweeps;

  Settler(ProductCopies copies, Memberships memberships, Sweeps sweeps) {
    this.copies = copies;
    this.memberships = memberships;
    this.sweeps = sweeps;
  }

  /**
   * A user becomes a member, or ceases to be one.
   *
   * @param position its place in the order of all updates
   */
  void change(MembershipChanged changed, long position, Sink sink) {
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
    var origin = new Origin(productId, changed.reason(), changed.cause(), position);
    var sweep = sweeps.get(productId);
    if (changed.member()) {
      settle(userId, others, Move.joined(product, origin), sink);
      memberships.add(userId, productId);
      if (sweep != null) {
        memberships.mark(userId, productId, sweep.target());
      }
    } else {
      settle(userId, others, own(userId, product, sweep, origin).left(origin), sink);
      memberships.remove(userId, productId);
    }
  }

  private Move own(String userId, Revision product, @Nullable Sweep sweep, Origin origin) {
    var productId = origin.productId();
    return sweep == null
        ? Move.over(productId, List.of(product).iterator())
        : copies.move(productId, sweep.standsAt(userId, memberships.mark(userId, productId)));
  }

  /**
   * Settles a user whom a sweep has come to.
   *
   * @param sweptId the product that is being swept, which needs no mark
   */
  void settle(String userId, String sweptId, Sink sink) {
    var others = memberships.productsOf(userId);
    others.remove(sweptId);
    var sweep = sweeps.get(sweptId);
    var swept =
        sweep == null
            ? null
            : copies.move(sweptId, sweep.standsAt(userId, memberships.mark(userId, sweptId)));
    settle(userId, others, swept, sink);
  }

  /** Whether the user is a member of the product and not at its newest revision. */
  boolean isBehind(String userId, String productId) {
    var sweep = sweeps.get(productId);
    if (sweep == null) {
      return false;
    }
    var mark = memberships.mark(userId, productId);
    return mark != Memberships.NO_MEMBER && sweep.standsAt(userId, mark) != sweep.target();
  }

  private void settle(String userId, List<String> others, @Nullable Move own, Sink sink) {
    var moves = sweeps.isEmpty() ? new ArrayList<Move>() : behind(userId, others);
    if (own != null) {
      moves.add(own);
    }
    var settlement =
        Settlement.of(
            moves,
            source ->
                others.isEmpty()
                    ? List.of()
                    : others.stream()
                        .filter(other -> copies.gives(other, source))
                        .limit(1) // the user is a member of each: one is enough
                        .toList());
    settlement.settle(null, change -> sink.emit(userId, change));
  }

  /** Takes out the products at whose newest revision the user is not, and marks the user there. */
  private List<Move> behind(String userId, List<String> productIds) {
    var moves = new ArrayList<Move>();
    for (Iterator<String> ids = productIds.iterator(); ids.hasNext(); ) {
      var productId = ids.next();
      var sweep = sweeps.get(productId);
      if (sweep != null) {
        var stands = sweep.standsAt(userId, memberships.mark(userId, productId));
        if (stands != sweep.target()) {
          moves.add(copies.move(productId, stands));
          memberships.mark(userId, productId, sweep.target());
          ids.remove();
        }
      }
    }
    return moves;
  }
}
