package dev.sluice.delivery;

/** The effect of a result. Each result has exactly one of these; FUTURE can come in addition. */
public enum CountedResult {
  /** It confirmed the command. */
  APPLIED,
  /** The command failed and is tried again. */
  RETRYING,
  /** The command failed, and a person has to act. */
  FAILED,
  /** The command waits for a person. */
  HELD,
  /** It says what an earlier one said. */
  REPEATED,
  /** A newer command or result of the same user and source was known. */
  SUPERSEDED,
  /** Its command did not come in time: it was confirmed before, or there never was one. */
  UNMATCHED,
  /** Its time was too far ahead; the time of reading was used. Counts besides the others. */
  FUTURE,
  /** It could not be read. */
  UNREADABLE,
  /** Its key is not that of the command that it names. */
  KEY_MISMATCH,
  /** It is in another partition than its command. */
  WRONG_PARTITION,
  /** It names another action than the command of that number. */
  WRONG_ACTION,
  /** Its outcome is not known to this version. */
  UNKNOWN_OUTCOME
}
