package dev.sluice.auth;

/** What a token is found to be. */
public sealed interface TokenCheck {

  /** Good. */
  record Known(Caller caller) implements TokenCheck {}

  /** It was good once. */
  record Expired() implements TokenCheck {}

  /** It cannot be told now. */
  record Unavailable() implements TokenCheck {}

  /** Nobody's. */
  record Unknown() implements TokenCheck {}
}
