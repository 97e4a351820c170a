package dev.sluice.cli;

import dev.sluice.text.Visible;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * All that the command line says: ids, types and texts of others can neither make lines of their
 * own nor reach the terminal as anything but text. Nothing else here writes to standard output or
 * standard error.
 */
public final class Terminal {

  private Terminal() {}

  /** One line on standard output; a line break in it is shown as an escape. */
  public static void line(String text) {
    System.out.println(Visible.line(text));
  }

  /** The same, put together as {@link String#format} does. */
  public static void line(String format, @Nullable Object... arguments) {
    line(String.format(Locale.ROOT, format, arguments));
  }

  /** An empty line. */
  public static void line() {
    System.out.println();
  }

  /** A line each. */
  public static void lines(List<String> lines) {
    lines.forEach(Terminal::line);
  }

  /** Lines of our own making, of which only the line breaks are ours. */
  public static void text(String lines) {
    System.out.print(Visible.lines(lines));
  }

  /** A line of JSON, which means what it meant. */
  public static void json(Object json) {
    System.out.println(Visible.json(json.toString()));
  }

  /** One line on standard error: what is not the answer itself. */
  public static void note(String text) {
    System.err.println(Visible.line(text));
  }

  /** The same, put together as {@link String#format} does. */
  public static void note(String format, @Nullable Object... arguments) {
    note(String.format(Locale.ROOT, format, arguments));
  }

  /** Lines of our own making on standard error. */
  public static void notes(String lines) {
    System.err.println(Visible.lines(lines));
  }

  /** What went wrong, on standard error. */
  public static void failure(String message) {
    note("sluice: " + message);
  }

  /** The same in several sentences of our own, each on a line. */
  public static void failures(String message) {
    notes("sluice: " + message);
  }

  /** Whether nobody reads standard output any more. */
  public static boolean isClosed() {
    return System.out.checkError();
  }
}
