package dev.sluice.product.stage;

import dev.sluice.product.AccessRequest;
import dev.sluice.product.ExpiryDecider;
import dev.sluice.product.Product;
import dev.sluice.product.ProductState;
import dev.sluice.product.RecordSize;
import dev.sluice.update.AccessUpdate.Trigger;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Processes due entries in slices. The cost depends on the number of due entries, and a slice
 * bounds the transaction.
 */
final class DueProcessor {
  private final ProductStores stores;
  private final StageOutput stageOutput;
  private final ExpiryDecider decider;
  private final EventObserver observer;

  /** A product before the slice and after its changes so far, and the last of their causes. */
  private record Touched(Product before, Product product, Trigger cause) {}

  DueProcessor(
      ProductStores stores,
      StageOutput stageOutput,
      ExpiryDecider decider,
      EventObserver observer) {
    this.stores = stores;
    this.stageOutput = stageOutput;
    this.decider = decider;
    this.observer = observer;
  }

  /**
   * Processes due entries until the slice is full.
   *
   * @param nowMs the current time, in milliseconds since the epoch
   */
  void work(long nowMs, RequestBudget budget) {
    // A product is read and written once per slice, not once for each of its requests.
    var touched = new LinkedHashMap<String, Touched>();
    stores
        .due()
        .take(
            nowMs,
            budget.max(),
            entry -> {
              work(entry, touched, budget, nowMs);
              return !budget.isFull();
            });
    touched.forEach(
        (id, t) -> {
          stores.put(t.before(), t.product());
          stores.status(t.product(), t.cause(), nowMs);
        });
  }

  private void work(
      DueEntry entry, Map<String, Touched> touched, RequestBudget budget, long nowMs) {
    budget.countRequest(0);
    var productId = entry.productId();
    var requests = stores.requestsOf(productId);
    var request = requests.find(entry.requestId());
    if (request == null) {
      return; // removed with its product
    }
    budget.countBytes(RecordSize.stored(request));
    var known = touched.get(productId);
    var product = known == null ? stores.product(productId) : known.product();
    if (product == null) {
      throw new IllegalStateException("request of the missing product " + productId);
    }
    if (known == null) {
      budget.countBytes(RecordSize.of(product) - RecordSize.ENVELOPE);
    }
    if (product.state() == ProductState.DELETED) {
      return; // its requests are being removed
    }
    var applied = decider.decide(product, requests, request, entry.kind(), nowMs);
    if (applied == null) {
      return;
    }
    var trigger = ExpiryDecider.cause(request, entry.kind(), nowMs);
    for (var change : applied.requests()) {
      stores.put(productId, change.request());
      stageOutput.request(productId, change, trigger, nowMs);
      if (!applied.product().equals(product)) {
        var before = known == null ? product : known.before();
        touched.put(productId, new Touched(before, applied.product(), trigger));
      }
    }
    stageOutput.updates(applied.updates(), nowMs);
    var what = entry.kind().label();
    observer.decided("time", what);
    observer.fellDue(what, late(entry, request, nowMs));
  }

  /** Time before the approval does not count as late: a request may be approved after its end. */
  private static long late(DueEntry entry, AccessRequest request, long nowMs) {
    var granted = request.grantedAtMs();
    return nowMs - (granted == null ? entry.atMs() : Math.max(entry.atMs(), granted));
  }
}
