package dev.sluice.executor;

/**
 * How many revokes are too many.
 *
 * @param revokesMax most revokes within the window; 0 for no limit
 * @param sharePercentMax largest part of those who have access, in percent; 0 for no limit
 * @param shareCountMin fewest revokes for which the part counts: a large part of few is no mistake
 * @param windowMs the window, in milliseconds
 */
public record BrakeLimits(int revokesMax, int sharePercentMax, int shareCountMin, long windowMs) {
  /** Lets everything pass. */
  public static final BrakeLimits OFF = new BrakeLimits(0, 0, 0, 0);
}
