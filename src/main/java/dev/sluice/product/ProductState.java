package dev.sluice.product;

/**
 * State of a product, which decides whether its members have access.
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
  /** Members have no access until the product is resumed. */
  SUSPENDED,
  /** Members have no access, for good. */
  DELETED
}
