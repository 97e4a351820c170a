package dev.sluice.delivery;

/** What a command asks for. */
public enum CommandAction {
  /** To give access. */
  GRANT,
  /** To take access. */
  REVOKE
}
