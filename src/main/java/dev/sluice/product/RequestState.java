package dev.sluice.product;

/**
 * State of an access request.
 *
 * <pre>
 *   AccessRequested ──▶ PENDING ──denied──▶ DENIED
 *          │               ├────canceled, or product deleted──▶ CANCELED
 *          │            approved
 *          │               ▼
 *          └─at once──▶ APPROVED ──AccessRevoked──▶ REVOKED
 *                          └──────time passes─────▶ EXPIRED
 * </pre>
 *
 * For an event from before the end, an EXPIRED request counts as APPROVED.
 */
public enum RequestState {
  /** Waiting for a decision. */
  PENDING,
  /** Approved: the user is a member. */
  APPROVED,
  /** Denied; final. */
  DENIED,
  /** Canceled, or its product was deleted before a decision; final. */
  CANCELED,
  /** Approved, then revoked; final. */
  REVOKED,
  /** Approved, then ended by time; final for events after the end. */
  EXPIRED
}
