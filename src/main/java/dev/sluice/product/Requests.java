package dev.sluice.product;

import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Read access of the decider to the requests of one product. */
public interface Requests {

  /** Returns the request with that id; null if there is none. */
  @Nullable AccessRequest find(String requestId);

  /**
   * Visits the user's approved requests one after the other, by requestId. Requests are not
   * collected: each may have up to a mebibyte. The visitor may change the current request in the
   * store.
   *
   * @param goesOn returns whether to continue
   */
  void visitApproved(String userId, Predicate<AccessRequest> goesOn);

  /**
   * Returns whether the user has an approved request besides the given ones. The cost depends on
   * their number, not on the number of the user's requests.
   *
   * @param except requestIds
   */
  boolean hasApproved(String userId, Set<String> except);

  /** Visits the user's SCHEDULED requests, as {@link #visitApproved} does. */
  void visitScheduled(String userId, Predicate<AccessRequest> goesOn);

  /**
   * Visits the user's EXPIRED requests that ended after that time, by their end, as {@link
   * #visitApproved} does.
   */
  void visitExpired(String userId, long afterMs, Predicate<AccessRequest> goesOn);

  /**
   * Returns the user's request that ended by itself last, not after that time; null if none did.
   * Read only for the message of a rejection.
   */
  default @Nullable AccessRequest lastEnded(String userId, long atMs) {
    return null;
  }
}
