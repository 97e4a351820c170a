package dev.sluice.product;

import dev.sluice.access.AccessUpdate.Cause;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Does what has fallen due, slice by slice: it costs by what is due, and a slice bounds the
 * transaction.
 */
final class DueWork {
  private final ProductStores stores;
  private final Outbox outbox;
  private final ExpiryDecider decider;
  private final EventObserver observer;

  /** A product before the slice and after its changes so far, and the last of their causes. */
  private record Touched(Product before, Product product, Cause cause) {}

  DueWork(ProductStores stores, Outbox outbox, ExpiryDecider decider, EventObserver observer) {
    this.stores = stores;
    this.outbox = outbox;
    this.decider = decider;
    this.observer = observer;
  }

  /**
   * Works off entries that are due until the slice is full.
   *
   * @param nowMs what time it is, in milliseconds since the epoch
   */
  void work(long nowMs, Slice slice) {
    // A product is read and written once for the slice, not once for each of its requests.
    var touched = new LinkedHashMap<String, Touched>();
    stores
        .due()
        .take(
            nowMs,
            slice.max(),
            entry -> {
              work(entry, touched, slice, nowMs);
              return !slice.isFull();
            });
    touched.forEach(
        (id, t) -> {
          stores.put(t.before(), t.product());
          outbox.product(t.product(), t.cause(), nowMs);
        });
  }

  private void work(DueEntry entry, Map<String, Touched> touched, Slice slice, long nowMs) {
    slice.did(0);
    var productId = entry.productId();
    var requests = stores.requestsOf(productId);
    var request = requests.find(entry.requestId());
    if (request == null) {
      return; // removed with its product
    }
    slice.also(RecordSize.stored(request));
    var known = touched.get(productId);
    var product = known == null ? stores.product(productId) : known.product();
    if (product == null) {
      throw new IllegalStateException("request of the missing product " + productId);
    }
    if (known == null) {
      slice.also(RecordSize.of(product) - RecordSize.ENVELOPE);
    }
    if (product.state() == ProductState.DELETED) {
      return; // its requests are being removed
    }
    var applied = decider.decide(product, requests, request, entry.kind(), nowMs);
    if (applied == null) {
      return;
    }
    var cause = ExpiryDecider.cause(request, entry.kind(), nowMs);
    for (var change : applied.requests()) {
      stores.put(productId, change.request());
      outbox.request(productId, change, cause, nowMs);
      if (!applied.product().equals(product)) {
        var before = known == null ? product : known.before();
        touched.put(productId, new Touched(before, applied.product(), cause));
      }
    }
    outbox.updates(applied.updates(), nowMs);
    var what = entry.kind().label();
    observer.decided("time", what);
    observer.fellDue(what, late(entry, request, nowMs));
  }

  /** What was approved after its time is not late for that. */
  private static long late(DueEntry entry, AccessRequest request, long nowMs) {
    var granted = request.grantedAtMs();
    return nowMs - (granted == null ? entry.atMs() : Math.max(entry.atMs(), granted));
  }
}
