package dev.sluice.check;

import dev.sluice.text.Visible;
import org.jspecify.annotations.Nullable;

/**
 * How it stands with one thing that a worker needs.
 *
 * @param what the thing
 * @param verdict whether a worker could start with it
 * @param says what is so; with what to do, where that is one sentence with it. Line breaks in it
 *     are ours: {@link #quoting} takes out those of others
 * @param remedy what to do, in one or more lines; null when nothing is, or it was said
 */
public record Finding(String what, Verdict verdict, String says, @Nullable String remedy) {

  /** Whether a worker could start. */
  public enum Verdict {
    OK,
    WARNING,
    FAILED
  }

  /** A text of others, in which nothing makes a line of its own. */
  public static String quoting(@Nullable Object text) {
    return Visible.line(String.valueOf(text));
  }

  static Finding ok(String what, String says) {
    return new Finding(what, Verdict.OK, says, null);
  }

  static Finding warning(String what, String says, @Nullable String remedy) {
    return new Finding(what, Verdict.WARNING, says, remedy);
  }

  /** With what to do in the same sentence. */
  public static Finding failed(String what, String says) {
    return new Finding(what, Verdict.FAILED, says, null);
  }

  static Finding failed(String what, String says, String remedy) {
    return new Finding(what, Verdict.FAILED, says, remedy);
  }
}
