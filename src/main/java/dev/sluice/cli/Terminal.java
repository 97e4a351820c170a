package dev.sluice.cli;

import dev.sluice.text.Visible;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * All output of the command line. Foreign ids, types and texts can neither create lines nor send
 * control codes to the terminal. No other class writes to standard output or standard error.
 */
public final class Terminal {

  private Terminal() {}

  /** Prints one line on standard output; a line break in it is printed as an escape. */
  public static void line(String text) {
    System.out.println(Visible.line(text));
  }

  /** Prints one line, formatted by {@link String#format}. */
  public static void line(String format, @Nullable Object... arguments) {
    line(String.format(Locale.ROOT, format, arguments));
  }

  /** Prints an empty line. */
  public static void line() {
    System.out.println();
  }

  /** Prints one line per text. */
  public static void lines(List<String> lines) {
    lines.forEach(Terminal::line);
  }

  /** Prints lines of this program; only their line breaks are kept. */
  public static void text(String lines) {
    System.out.print(Visible.lines(lines));
  }

  /** Prints a line of JSON without change of meaning. */
  public static void json(Object json) {
    System.out.println(Visible.json(json.toString()));
  }

  /** Prints one line on standard error that is not part of the result. */
  public static void note(String text) {
    System.err.println(Visible.line(text));
  }

  /** Prints one line on standard error, formatted by {@link String#format}. */
  public static void note(String format, @Nullable Object... arguments) {
    note(String.format(Locale.ROOT, format, arguments));
  }

  /** Prints lines of this program on standard error. */
  public static void notes(String lines) {
    System.err.println(Visible.lines(lines));
  }

  /** Prints an error on standard error. */
  public static void failure(String message) {
    note("sluice: " + message);
  }

  /** Prints an error of several sentences, each on a line. */
  public static void failures(String message) {
    notes("sluice: " + message);
  }

  /** Returns whether the reader of standard output has closed it. */
  public static boolean isClosed() {
    return System.out.checkError();
  }
}
