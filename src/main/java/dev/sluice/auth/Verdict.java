package dev.sluice.auth;

/** What a token is found to be. */
public sealed interface Verdict {

  /** Good. */
  record Known(Caller caller) implements Verdict {}

  /** It was good once. */
  record Expired() implements Verdict {}

  /** It cannot be told now. */
  record Unavailable() implements Verdict {}

  /** Nobody's. */
  record Unknown() implements Verdict {}
}
