package dev.sluice.auth;

/** Result of a token check. */
public sealed interface TokenCheck {

  /** A valid token. */
  record Known(Caller caller) implements TokenCheck {}

  /** An expired token. */
  record Expired() implements TokenCheck {}

  /** The token cannot be checked now. */
  record Unavailable() implements TokenCheck {}

  /** An unknown token. */
  record Unknown() implements TokenCheck {}
}
