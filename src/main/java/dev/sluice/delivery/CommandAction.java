package dev.sluice.delivery;

/** The change that a command asks for. */
public enum CommandAction {
  /** To give access. */
  GRANT,
  /** To take access. */
  REVOKE
}
