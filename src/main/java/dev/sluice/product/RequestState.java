package dev.sluice.product;

/**
 * State of an access request.
 *
 * <pre>
 *   AccessRequested ──▶ PENDING ──denied──▶ DENIED
 *          │               ├────canceled, or product deleted──▶ CANCELED
 *          │               ├────time passes──▶ LAPSED
 *          │            approved ──starts later──▶ SCHEDULED ──AccessRevoked──▶ REVOKED
 *          │               ▼                          │
 *          └─at once──▶ APPROVED ◀────time passes─────┘
 *                          ├──────AccessRevoked──▶ REVOKED
 *                          └──────time passes────▶ EXPIRED
 * </pre>
 *
 * For an event from before the end, an EXPIRED request counts as APPROVED and a LAPSED one as
 * PENDING.
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
  EXPIRED,
  /** Not decided in time; final for events after that time. */
  LAPSED,
  /** Approved; the user becomes a member when the access starts. */
  SCHEDULED
}
