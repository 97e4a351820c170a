package dev.sluice.executor;

/**
 * How far the newest command of a pair is. WAITING goes to any other phase. A newer command brings
 * any phase back to WAITING.
 */
public enum Phase {
  /** It is tried when its time comes. */
  WAITING,
  /** The brake keeps it until a person releases it. */
  HELD,
  /** It can never succeed; it is not tried again unless the configuration changes. */
  STOPPED,
  /** The platform confirmed it. */
  DONE
}
