package dev.sluice.delivery;

/** The outcome that a result reports. */
public enum ResultOutcome {
  /** The platform holds what the command asked for. */
  APPLIED,
  /** It does not. */
  FAILED,
  /** The command waits until a person lets it go. */
  HELD,
  /** An outcome that this version does not know. */
  OTHER
}
