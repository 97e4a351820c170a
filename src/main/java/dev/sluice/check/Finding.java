package dev.sluice.check;

import dev.sluice.text.Visible;
import org.jspecify.annotations.Nullable;

/**
 * Result of one check.
 *
 * @param what the checked thing
 * @param verdict whether a worker could start with it
 * @param says its state, with the remedy if both are one sentence. Line breaks are the program's
 *     own: {@link #quoting} removes foreign ones
 * @param remedy the remedy, in one or more lines; null if none is needed, or it is in the text
 */
public record Finding(String what, Verdict verdict, String says, @Nullable String remedy) {

  /** Whether a worker could start. */
  public enum Verdict {
    OK,
    WARNING,
    FAILED
  }

  /** Returns a foreign text without line breaks. */
  public static String quoting(@Nullable Object text) {
    return Visible.line(String.valueOf(text));
  }

  static Finding ok(String what, String says) {
    return new Finding(what, Verdict.OK, says, null);
  }

  static Finding warning(String what, String says, @Nullable String remedy) {
    return new Finding(what, Verdict.WARNING, says, remedy);
  }

  /** Creates a finding whose text includes the remedy. */
  public static Finding failed(String what, String says) {
    return new Finding(what, Verdict.FAILED, says, null);
  }

  static Finding failed(String what, String says, String remedy) {
    return new Finding(what, Verdict.FAILED, says, remedy);
  }
}
