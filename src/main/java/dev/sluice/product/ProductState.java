package dev.sluice.product;

/**
 * Whether a product gives its members access.
 *
 * <pre>
 *   ProductPublished ──▶ ACTIVE ──ProductSuspended──▶ SUSPENDED
 *                          │  ◀──ProductResumed──────────┤
 *                          └───────ProductDeleted────────┴──▶ DELETED
 * </pre>
 */
public enum ProductState {
  /** Members have access. */
  ACTIVE,
  /** Members have none until it is resumed. */
  SUSPENDED,
  /** Members have none, for good. */
  DELETED
}
