package dev.sluice.check;

import dev.sluice.text.Visible;
import org.jspecify.annotations.Nullable;

/**
 * Result of one check.
 *
 * @param what the checked thing
 * @param verdict whether a worker could start with it
 * @param text its state, with the remedy if both are one sentence. Line breaks are the program's
 *     own: {@link #quoting} removes foreign ones
 * @param remedy the remedy, in one or more lines; null if none is needed, or it is in the text
 */
public record Finding(String what, Verdict verdict, String text, @Nullable String remedy) {

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

  static Finding ok(String what, String text) {
    return new Finding(what, Verdict.OK, text, null);
  }

  static Finding warning(String what, String text, @Nullable String remedy) {
    return new Finding(what, Verdict.WARNING, text, remedy);
  }

  /** Creates a finding whose text includes the remedy. */
  public static Finding failed(String what, String text) {
    return new Finding(what, Verdict.FAILED, text, null);
  }

  static Finding failed(String what, String text, String remedy) {
    return new Finding(what, Verdict.FAILED, text, remedy);
  }
}
