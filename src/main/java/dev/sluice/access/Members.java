package dev.sluice.access;

import dev.sluice.access.AccessUpdate.MembershipChanged;
import dev.sluice.access.AccessUpdate.ProductRevised;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;

/** Applies updates to the memberships of one task, and says what each member is owed. */
final class Members {

  /** Takes the commands. */
  @FunctionalInterface
  interface Sink {
    void emit(
        boolean grant, String userId, String sourceId, String sourceType, CommandReason reason);
  }

  private static final SortedMap<String, String> NOTHING = Collections.emptySortedMap();

  private final AccessStores stores;

  Members(AccessStores stores) {
    this.stores = stores;
  }

  /** A user becomes a member, or ceases to be one. */
  void change(MembershipChanged changed, Sink sink) {
    var userId = changed.userId();
    var productId = changed.productId();
    var product = stores.product(productId);
    if (product == null) {
      throw new IllegalStateException("membership of the unknown product " + productId);
    }
    if (stores.isMember(userId, productId) == changed.member()) {
      throw new IllegalStateException(
          "user " + userId + " changes to what holds already for product " + productId);
    }
    var others = stores.productsOf(userId);
    others.remove(productId);
    var given = product.given();
    var settlement =
        Settlement.of(
            changed.member() ? NOTHING : given,
            changed.member() ? given : NOTHING,
            sourceId ->
                others.isEmpty()
                    ? List.of()
                    : others.stream().filter(other -> stores.gives(other, sourceId)).toList());
    if (changed.member()) {
      stores.addMember(userId, productId);
    } else {
      stores.removeMember(userId, productId);
    }
    settlement.settle(
        other -> true,
        (grant, sourceId, type) -> sink.emit(grant, userId, sourceId, type, changed.reason()));
    // The product stage counts them: to look would be a walk over all who left before.
    if (changed.last()) {
      stores.put(productId, product, null);
    }
  }

  /** A product has a new revision: all its members are settled at once. */
  void revise(ProductRevised revised, Sink sink) {
    var productId = revised.productId();
    var before = stores.product(productId);
    var after = revised.copy();
    if (before != null && before.revision() >= after.revision()) {
      throw new IllegalStateException(
          "product %s goes from revision %d back to %d"
              .formatted(productId, before.revision(), after.revision()));
    }
    var settlement =
        Settlement.of(
            before == null ? NOTHING : before.given(),
            after.given(),
            sourceId -> stores.givers(sourceId, productId));
    stores.put(productId, before, revised.deleted() ? null : after);
    if (before == null || (settlement.isEmpty() && !revised.deleted())) {
      return;
    }
    var gained = before.active() ? CommandReason.SOURCE_ADDED : CommandReason.PRODUCT_RESUMED;
    var lost =
        revised.deleted()
            ? CommandReason.PRODUCT_DELETED
            : after.active() ? CommandReason.SOURCE_REMOVED : CommandReason.PRODUCT_SUSPENDED;
    stores.forEachMember(
        productId,
        userId -> {
          settlement.settle(
              other -> stores.isMember(userId, other),
              (grant, sourceId, type) ->
                  sink.emit(grant, userId, sourceId, type, grant ? gained : lost));
          if (revised.deleted()) {
            stores.removeMember(userId, productId);
          }
        });
  }
}
