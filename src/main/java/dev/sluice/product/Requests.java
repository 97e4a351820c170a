package dev.sluice.product;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The requests of one product, as the decider reads them. */
public interface Requests {

  /** The request with that id; null when there is none. */
  @Nullable AccessRequest find(String requestId);

  /** The user's approved requests, by requestId: as much work as there are. */
  List<AccessRequest> approvedOf(String userId);

  /**
   * Whether the user has an approved request besides those: as much work as there are of those, and
   * not as much as the user has.
   *
   * @param except requestIds
   */
  boolean hasApproved(String userId, Set<String> except);

  /** The user's EXPIRED requests that ended after that time, by their end. */
  List<AccessRequest> expiredOf(String userId, long afterMs);

  /**
   * The user's request that ended by itself last, not after that time; null where none did. Asked
   * only to say why an event is rejected.
   */
  default @Nullable AccessRequest lastEnded(String userId, long atMs) {
    return null;
  }
}
