package dev.sluice.delivery;

/**
 * How far an outstanding command is. A result with another outcome moves it to another state, in
 * any direction; APPLIED ends it. Whether its deadline has passed is told apart from the state.
 */
public enum DeliveryState {
  /** No result yet. */
  PENDING,
  /** It failed and is tried again by itself. */
  RETRYING,
  /** It failed, and a person has to act. */
  FAILED,
  /** It waits until a person lets it go. */
  HELD
}
