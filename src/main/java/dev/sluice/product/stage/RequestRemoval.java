package dev.sluice.product.stage;

import dev.sluice.avro.internal.StoredDeletion;
import dev.sluice.event.Payload.ProductDeleted;
import dev.sluice.event.ProductEvent;
import dev.sluice.product.AccessRequest;
import dev.sluice.product.Decision.RequestChange;
import dev.sluice.product.RecordSize;
import dev.sluice.product.RequestCounts;
import dev.sluice.product.RequestState;
import dev.sluice.update.AccessUpdate.Trigger;
import java.util.Map;

/**
 * Removes the requests of deleted products in slices: a pending request becomes CANCELED, and an
 * approved or scheduled one REVOKED, which is its last status. Whether a request was pending or
 * LAPSED, approved or EXPIRED is decided by the time of the deletion, not of its processing. A
 * status that differs, because the clock reached the end earlier or has not reached it yet, is
 * corrected. The other requests already have their last status. The product stays as a small
 * marker.
 */
final class RequestRemoval {
  private static final String REASON = "the product was deleted";

  private final ProductStores stores;
  private final StageOutput stageOutput;

  /** End of the last slice; avoids scanning over removed entries. Lost at a restart. */
  private String at = "";

  private String from = "";

  /** Counts of the product whose requests are being removed. */
  private RequestCounts counts = RequestCounts.of(Map.of());

  RequestRemoval(ProductStores stores, StageOutput stageOutput) {
    this.stores = stores;
    this.stageOutput = stageOutput;
  }

  /** Adds a product that has just been deleted. */
  void add(ProductEvent event, ProductDeleted deleted) {
    stores.put(
        event.productId(),
        new StoredDeletion(
            event.eventId(),
            event.occurredAt().toEpochMilli(),
            event.actor(),
            deleted.reason() == null ? REASON : deleted.reason()));
  }

  /** Removes requests until the slice is full. */
  void work(RequestBudget budget, long timestamp) {
    for (var id = stores.nextDeletion();
        id != null && !budget.isFull();
        id = stores.nextDeletion()) {
      work(id, budget, timestamp);
    }
  }

  private void work(String productId, RequestBudget budget, long timestamp) {
    var deletion = stores.deletion(productId);
    if (deletion == null) {
      throw new IllegalStateException("no deletion of " + productId);
    }
    var trigger = new Trigger(deletion.getEventId(), deletion.getOccurredAt());
    var product = stores.product(productId);
    if (product == null) {
      throw new IllegalStateException("deletion of the missing product " + productId);
    }
    budget.countBytes(RecordSize.of(product) - RecordSize.ENVELOPE);
    // Older versions left these counted as APPROVED.
    counts = product.requests().movedAll(RequestState.APPROVED, RequestState.REVOKED);
    var before = budget.requests();
    var statusSize =
        RecordSize.ofDecision(deletion.getActor(), deletion.getReason()) - RecordSize.ENVELOPE;
    // Visited one after the other: the size of a list would have no bound.
    var done =
        stores.visit(
            productId,
            productId.equals(at) ? from : "",
            request -> {
              budget.countRequest(RecordSize.stored(request) + statusSize);
              remove(productId, request, deletion, trigger, timestamp);
              return !budget.isFull();
            });
    if (!counts.equals(product.requests())) {
      var counted = product.with(counts, product.members());
      stores.put(product, counted);
      stores.status(counted, trigger, timestamp);
    }
    if (budget.requests() == before) {
      budget.countRequest(0);
    }
    if (done) {
      stores.removeDeletion(productId);
    }
  }

  /** Returns the state that a request in a state gets when its product is deleted. */
  private static RequestState atDeletion(RequestState state) {
    return switch (state) {
      case PENDING -> RequestState.CANCELED;
      case SCHEDULED, APPROVED -> RequestState.REVOKED;
      case DENIED, CANCELED, REVOKED, EXPIRED, LAPSED -> state;
    };
  }

  /** Removes one request and publishes its last status. */
  private void remove(
      String productId,
      AccessRequest request,
      StoredDeletion deletion,
      Trigger trigger,
      long timestamp) {
    var last = request.stateAt(deletion.getOccurredAt());
    var end = atDeletion(last);
    if (end != last) {
      var over =
          request.decided(end, deletion.getActor(), deletion.getOccurredAt(), deletion.getReason());
      stageOutput.request(productId, new RequestChange(over, false, null), trigger, timestamp);
    } else if (last != request.state()) {
      var kept = request.in(last);
      stageOutput.request(productId, new RequestChange(kept, false, null), trigger, timestamp);
    }
    // The deletion has counted the request by its stored state.
    var counted = atDeletion(request.state());
    if (counted != end) {
      counts = counts.moved(counted, end);
    }
    stores.remove(productId, request);
    at = productId;
    from = request.requestId();
  }
}
