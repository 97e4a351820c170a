package dev.sluice.update;

/** Reason of a command. */
public enum CommandReason {
  /** A request of the user was approved. */
  ACCESS_APPROVED,
  /** A suspended product is active again. */
  PRODUCT_RESUMED,
  /** The source was added to the product. */
  SOURCE_ADDED,
  /** The product was suspended. */
  PRODUCT_SUSPENDED,
  /** The source was removed from the product. */
  SOURCE_REMOVED,
  /** The product was deleted. */
  PRODUCT_DELETED,
  /** The user's approved request was revoked. */
  ACCESS_REVOKED,
  /** The user's approved request reached its end. */
  ACCESS_EXPIRED,
  /** The user was deactivated. */
  USER_DEACTIVATED,
  /** The user is active again. */
  USER_REACTIVATED
}
