package dev.sluice.product;

/**
 * Where an access request stands.
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
 * An event from before the end finds an EXPIRED request APPROVED, as it was then.
 */
public enum RequestState {
  /** Waits for a decision. */
  PENDING,
  /** Makes the user a member. */
  APPROVED,
  /** Was refused; final. */
  DENIED,
  /** Was taken back, or its product was deleted before a decision; final. */
  CANCELED,
  /** Was approved, and taken away; final. */
  REVOKED,
  /** Was approved, and reached its end; final for what happens after it. */
  EXPIRED
}
