package dev.sluice.product;

import dev.sluice.contract.RejectionReason;
import dev.sluice.update.AccessUpdate;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The effect of an event. */
public sealed interface Decision {

  /**
   * A change.
   *
   * @param product the product after the event
   * @param requests the requests that changed, after the event, in order
   * @param ending further requests that end, too many to be listed; null for none
   * @param updates the messages for the access stage, in order
   */
  record Applied(
      Product product,
      List<RequestChange> requests,
      @Nullable Ending ending,
      List<AccessUpdate> updates)
      implements Decision {
    /** Creates a change without further requests that end. */
    public Applied(Product product, List<RequestChange> requests, List<AccessUpdate> updates) {
      this(product, requests, null, updates);
    }

    /**
     * Visits every request that changed, one after the other, in order.
     *
     * @param before the product's requests before the decision; the visitor may store each change
     *     at once
     */
    public void visit(Requests before, Consumer<RequestChange> each) {
      requests.forEach(each);
      if (ending != null) {
        ending.visit(before, request -> each.accept(ending.change(request)));
      }
    }
  }

  /**
   * Revokes all requests of a user that are granted as of a time, in the event's name. The requests
   * are named and not held: a user may have thousands, of up to a mebibyte each.
   *
   * @param asOfMs the event's own time, or the present if that is earlier, in milliseconds since
   *     the epoch
   * @param atMs the event's own time, in milliseconds since the epoch
   * @param by the author of the revocation
   * @param reason the event's reason; null for none
   * @param accessRemains whether another request keeps the access
   */
  record Ending(
      String userId,
      long asOfMs,
      long atMs,
      @Nullable String by,
      @Nullable String reason,
      boolean accessRemains) {
    /** Visits the requests that end, as they were before. */
    void visit(Requests requests, Consumer<AccessRequest> each) {
      Predicate<AccessRequest> ends =
          request -> {
            if (request.isGrantedAt(asOfMs)) {
              each.accept(request);
            }
            return true;
          };
      requests.visitApproved(userId, ends);
      requests.visitScheduled(userId, ends);
      requests.visitExpired(userId, asOfMs, ends);
    }

    /** Returns the change of one of these requests. */
    RequestChange change(AccessRequest request) {
      return new RequestChange(
          request.decided(RequestState.REVOKED, by, atMs, reason), accessRemains, null);
    }
  }

  /**
   * A request that changed.
   *
   * @param request the request after the change
   * @param accessRemains whether, after this request ended, another one keeps the access
   * @param notice the warning to publish with the change; null for none
   */
  record RequestChange(
      AccessRequest request, boolean accessRemains, @Nullable ExpiryNotice notice) {}

  /**
   * An event that asks for what already holds.
   *
   * @param product the product after the event: at most its last sequence differs
   */
  record NoOp(Product product) implements Decision {}

  /**
   * An event that was accepted before. Its sequence was accepted, or the event is a determination
   * that counted, or, without a sequence, the event that published the product.
   */
  record Duplicate() implements Decision {}

  /**
   * An invalid event, which changes nothing.
   *
   * @param message the fault, naming the thing
   * @param remedy the advice for the producer or operator
   */
  record Rejected(RejectionReason reason, String message, String remedy) implements Decision {
    /** Creates a rejection with the reason's usual remedy. */
    public Rejected(RejectionReason reason, String message) {
      this(reason, message, reason.remedy());
    }
  }
}
