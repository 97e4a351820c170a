package dev.sluice.product;

import dev.sluice.access.AccessUpdate;
import dev.sluice.contract.RejectionReason;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What an event does. */
public sealed interface Decision {

  /**
   * It changes something.
   *
   * @param product as it is now
   * @param requests the requests that changed, as they are now, in order
   * @param updates what the access stage must know, in order
   */
  record Applied(Product product, List<RequestChange> requests, List<AccessUpdate> updates)
      implements Decision {}

  /**
   * A request that changed.
   *
   * @param request as it is now
   * @param accessRemains whether, the request being over, another one keeps the access up
   * @param notice a warning to be given with it; null for none
   */
  record RequestChange(AccessRequest request, boolean accessRemains, @Nullable Notice notice) {}

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
