package dev.sluice.product;

import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The requests of one product, as the decider reads them. */
public interface Requests {

  /** The request with that id; null when there is none. */
  @Nullable AccessRequest find(String requestId);

  /**
   * Shows the user's approved requests by requestId, one after the other. None is kept: each may
   * have up to a mebibyte. The one that is shown may be changed in the store.
   *
   * @param goesOn whether the next one is wanted
   */
  void visitApproved(String userId, Predicate<AccessRequest> goesOn);

  /**
   * Whether the user has an approved request besides those: as much work as there are of those, and
   * not as much as the user has.
   *
   * @param except requestIds
   */
  boolean hasApproved(String userId, Set<String> except);

  /** Shows the user's EXPIRED requests that ended after that time, by their end: likewise. */
  void visitExpired(String userId, long afterMs, Predicate<AccessRequest> goesOn);

  /**
   * The user's request that ended by itself last, not after that time; null where none did. Asked
   * only to say why an event is rejected.
   */
  default @Nullable AccessRequest lastEnded(String userId, long atMs) {
    return null;
  }
}
