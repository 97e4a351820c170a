package dev.sluice.product;

import dev.sluice.contract.RejectionReason;
import dev.sluice.update.AccessUpdate;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What an event does. */
public sealed interface Decision {

  /**
   * It changes something.
   *
   * @param product as it is now
   * @param requests the requests that changed, as they are now, in order
   * @param ending requests that end besides, which are too many to be listed; null for none
   * @param updates what the access stage must know, in order
   */
  record Applied(
      Product product,
      List<RequestChange> requests,
      @Nullable Ending ending,
      List<AccessUpdate> updates)
      implements Decision {
    /** Without requests that end besides. */
    public Applied(Product product, List<RequestChange> requests, List<AccessUpdate> updates) {
      this(product, requests, null, updates);
    }

    /**
     * Shows every request that changed, in order, one after the other.
     *
     * @param before the product's requests as the decision found them; what is shown may be stored
     *     there at once
     */
    public void visit(Requests before, Consumer<RequestChange> each) {
      requests.forEach(each);
      if (ending != null) {
        ending.visit(before, request -> each.accept(ending.change(request)));
      }
    }
  }

  /**
   * Revokes all requests of a user that are approved as of a time, in the event's name. The
   * requests are named and not held: a user may have thousands, of up to a mebibyte each.
   *
   * @param asOfMs the event's own time, or the present if that is earlier, in milliseconds since
   *     the epoch
   * @param atMs the event's own time, in milliseconds since the epoch
   * @param by who revoked them
   * @param reason in the event's words; null for none
   * @param accessRemains whether a request that is not among them keeps the access up
   */
  record Ending(
      String userId,
      long asOfMs,
      long atMs,
      @Nullable String by,
      @Nullable String reason,
      boolean accessRemains) {
    /** Shows the requests that end, as they are before it. */
    void visit(Requests requests, Consumer<AccessRequest> each) {
      Predicate<AccessRequest> ends =
          request -> {
            if (request.stateAt(asOfMs) == RequestState.APPROVED) {
              each.accept(request);
            }
            return true;
          };
      requests.visitApproved(userId, ends);
      requests.visitExpired(userId, asOfMs, ends);
    }

    /** The change of one of them. */
    RequestChange change(AccessRequest request) {
      return new RequestChange(
          request.decided(RequestState.REVOKED, by, atMs, reason), accessRemains, null);
    }
  }

  /**
   * A request that changed.
   *
   * @param request as it is now
   * @param accessRemains whether, the request being over, another one keeps the access up
   * @param notice a warning to be given with it; null for none
   */
  record RequestChange(
      AccessRequest request, boolean accessRemains, @Nullable ExpiryNotice notice) {}

  /**
   * It asks for what already holds.
   *
   * @param product as it is now: only its last sequence may differ
   */
  record NoOp(Product product) implements Decision {}

  /**
   * It was accepted before: its sequence is one that was accepted, or it is the determination that
   * passed a stage, or without a sequence the event that published the product.
   */
  record Duplicate() implements Decision {}

  /**
   * It makes no sense and changes nothing.
   *
   * @param message what is wrong, naming the thing
   * @param remedy what to do about it, in words
   */
  record Rejected(RejectionReason reason, String message, String remedy) implements Decision {
    /** With the remedy that goes with the reason. */
    public Rejected(RejectionReason reason, String message) {
      this(reason, message, reason.remedy());
    }
  }
}
