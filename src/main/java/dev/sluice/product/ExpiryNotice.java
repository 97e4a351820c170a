package dev.sluice.product;

/** A warning before the end of access, by urgency. */
public enum ExpiryNotice {
  /** Given within the first warning time. */
  EXPIRES_SOON,
  /** Given within the second warning time. */
  EXPIRES_VERY_SOON
}
