package dev.sluice.product;

/** A warning that access is about to end, by urgency. */
public enum ExpiryNotice {
  /** Within the first warning time. */
  EXPIRES_SOON,
  /** Within the second. */
  EXPIRES_VERY_SOON
}
