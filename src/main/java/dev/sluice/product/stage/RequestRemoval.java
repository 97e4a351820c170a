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
 * Removes the requests of deleted products, slice by slice: a pending one becomes CANCELED, and an
 * approved one REVOKED, which is its last status. Whether it was approved, or EXPIRED, is asked of
 * the time when the product was deleted, whenever the deletion is read: where the clock has brought
 * another state, or not yet brought it, that is put right. The others have had their last status.
 * The product stays as a small marker.
 */
final class RequestRemoval {
  private static final String REASON = "the product was deleted";

  private final ProductStores stores;
  private final StageOutput stageOutput;

  /** Where the last slice stopped: saves a walk over what it removed. Lost at a restart. */
  private String at = "";

  private String from = "";

  /** Of the product whose requests are being removed. */
  private RequestCounts counts = RequestCounts.of(Map.of());

  RequestRemoval(ProductStores stores, StageOutput stageOutput) {
    this.stores = stores;
    this.stageOutput = stageOutput;
  }

  /** Takes a product that has just been deleted. */
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
    budget.also(RecordSize.of(product) - RecordSize.ENVELOPE);
    // An older version left those counted as APPROVED.
    counts = product.requests().movedAll(RequestState.APPROVED, RequestState.REVOKED);
    var before = budget.requests();
    var told =
        RecordSize.ofDecision(deletion.getActor(), deletion.getReason()) - RecordSize.ENVELOPE;
    // One after the other: a list of them has no bound in bytes.
    var done =
        stores.visit(
            productId,
            productId.equals(at) ? from : "",
            request -> {
              budget.did(RecordSize.stored(request) + told);
              remove(productId, request, deletion, trigger, timestamp);
              return !budget.isFull();
            });
    if (!counts.equals(product.requests())) {
      var counted = product.with(counts, product.members());
      stores.put(product, counted);
      stageOutput.product(counted, trigger, timestamp);
    }
    if (budget.requests() == before) {
      budget.did(0);
    }
    if (done) {
      stores.removeDeletion(productId);
    }
  }

  /** Removes one request, and tells how it stood last. */
  private void remove(
      String productId,
      AccessRequest request,
      StoredDeletion deletion,
      Trigger trigger,
      long timestamp) {
    var last = request.stateAt(deletion.getOccurredAt());
    if (last == RequestState.PENDING || last == RequestState.APPROVED) {
      var end = last == RequestState.PENDING ? RequestState.CANCELED : RequestState.REVOKED;
      var over =
          request.decided(end, deletion.getActor(), deletion.getOccurredAt(), deletion.getReason());
      stageOutput.request(productId, new RequestChange(over, false, null), trigger, timestamp);
    } else if (last != request.state()) {
      var kept = request.in(last);
      stageOutput.request(productId, new RequestChange(kept, false, null), trigger, timestamp);
    }
    // What stood as APPROVED is counted as REVOKED since the deletion.
    if (request.state() == RequestState.EXPIRED && last == RequestState.APPROVED) {
      counts = counts.moved(RequestState.EXPIRED, RequestState.REVOKED);
    } else if (request.state() == RequestState.APPROVED && last == RequestState.EXPIRED) {
      counts = counts.moved(RequestState.REVOKED, RequestState.EXPIRED);
    }
    stores.remove(productId, request);
    at = productId;
    from = request.requestId();
  }
}
