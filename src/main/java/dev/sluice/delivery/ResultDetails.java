package dev.sluice.delivery;

import dev.sluice.text.Cut;
import org.jspecify.annotations.Nullable;

/**
 * Details of a result besides its outcome, cut to the sizes that are kept.
 *
 * @param errorClass how a failed command goes on; null unless the outcome is FAILED
 * @param code the platform's code of the error; null for none
 * @param message the platform's words; null for none
 * @param attempts how often the command was tried; 0 before the first result
 * @param executor who carried the command out; null if not known
 */
public record ResultDetails(
    @Nullable ErrorClass errorClass,
    @Nullable String code,
    @Nullable String message,
    int attempts,
    @Nullable String executor) {

  /** Longest code that is kept, in characters. */
  public static final int CODE_MAX = 100;

  /** Longest message that is kept, in characters. */
  public static final int MESSAGE_MAX = 1_000;

  /** Longest name of an executor that is kept, in characters. */
  public static final int EXECUTOR_MAX = 200;

  /** Highest number of attempts that is kept. */
  public static final int ATTEMPTS_MAX = 1_000_000;

  /** The details before the first result. */
  public static final ResultDetails NONE = new ResultDetails(null, null, null, 0, null);

  /**
   * Returns the details of a result that anybody may have written: long texts are cut, and a number
   * of attempts that cannot be is replaced by the nearest possible one.
   */
  public static ResultDetails of(
      ResultOutcome outcome,
      @Nullable ErrorClass errorClass,
      @Nullable String code,
      @Nullable String message,
      int attempts,
      @Nullable String executor) {
    return new ResultDetails(
        outcome != ResultOutcome.FAILED ? null : errorClass == null ? ErrorClass.OTHER : errorClass,
        cut(code, CODE_MAX),
        cut(message, MESSAGE_MAX),
        Math.clamp(attempts, 1, ATTEMPTS_MAX),
        cut(executor, EXECUTOR_MAX));
  }

  /** Cuts to that many characters, with the ellipsis. */
  private static @Nullable String cut(@Nullable String text, int max) {
    return text == null || text.length() <= max ? text : Cut.to(text, max - 1);
  }
}
