package dev.sluice.executor;

/** The work that comes next for a pair. */
public enum Task {
  /** To ask the brake whether it may be taken. */
  BRAKE,
  /** To find its names, and to ask the platform whether there is access already. */
  LOOK,
  /** To take the access. */
  REVOKE,
  /** To give the access. */
  GRANT
}
