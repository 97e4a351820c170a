package dev.sluice.delivery;

/** How a command goes on that failed. */
public enum ErrorClass {
  /** It is tried again by itself. */
  RETRYING,
  /** It succeeds only after somebody mended something. */
  NEEDS_PERSON,
  /** It can never succeed. */
  PERMANENT,
  /** A class that this version does not know, or none was given. */
  OTHER
}
