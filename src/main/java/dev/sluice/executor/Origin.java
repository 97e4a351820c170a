package dev.sluice.executor;

/** Who gave the access that a user has to a source, as far as is known. */
public enum Origin {
  /** The platform was not asked yet. */
  UNKNOWN,
  /** There was no access before the first GRANT, so what is there now is Sluice's. */
  SLUICE,
  /** The access was there before the first GRANT: Sluice does not take it. */
  FOREIGN
}
