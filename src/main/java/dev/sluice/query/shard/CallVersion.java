package dev.sluice.query.shard;

import org.jspecify.annotations.Nullable;

/** The version of the calls between workers. Workers of different versions do not answer calls. */
public final class CallVersion {

  /** Raised with every change of the JSON form of a call or an answer. */
  public static final int CURRENT = 3;

  /** The header that names the version, in a call and in its answer. */
  public static final String HEADER = "Sluice-Call-Version";

  /** Largest number of characters of a header that a text repeats. */
  private static final int SHOWN_MAX = 10;

  private CallVersion() {}

  /** Whether a header names this worker's version; null stands for a missing header. */
  public static boolean isCurrent(@Nullable String header) {
    return Integer.toString(CURRENT).equals(header);
  }

  /**
   * The reason for a refusal: both versions, and the remedy.
   *
   * @param worker the other worker, at the beginning of the text
   * @param header the other worker's; null for a missing one, as a worker before version 1 sends
   */
  public static String refusal(String worker, @Nullable String header) {
    return ("%s is a worker of another version: it speaks %s of the calls between workers, this"
            + " worker version %d, as during an upgrade; try again when all workers run one"
            + " version")
        .formatted(
            worker,
            header == null
                ? "an older version than 1"
                : "version " + header.substring(0, Math.min(header.length(), SHOWN_MAX)),
            CURRENT);
  }
}
