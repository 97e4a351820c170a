package dev.sluice.text;

import java.io.EOFException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Describes decoding errors in words that need no knowledge of Java. */
public final class DecodingFault {
  /** Java's names of exceptions, which are part of a message made from another exception. */
  private static final Pattern CLASS_NAME =
      Pattern.compile(
          "\\b(?:java|javax|jdk|org\\.apache|io\\.confluent|com\\.fasterxml|dev\\.sluice)"
              + "\\.[\\w.$]*(?:Exception|Error)\\b(?:: ?)?");

  private DecodingFault() {}

  /** Returns an exception's own part of its message; null if there is none. */
  public static @Nullable String message(Throwable error) {
    return switch (error) {
      case EOFException e -> "the bytes end before the record does";
      case StackOverflowError e -> "the record is nested too deeply";
      case IndexOutOfBoundsException e ->
          "the record names a branch of a union, or a symbol, that its schema does not have";
      case ClassCastException e -> "the record's values are not of its schema's types";
      default -> {
        var cause = error.getCause();
        var message = error.getMessage();
        if (cause != null && cause.toString().equals(message)) {
          yield null; // the cause has the message
        }
        var text = message == null ? "" : CLASS_NAME.matcher(message).replaceAll("").strip();
        yield text.isEmpty() ? null : text;
      }
    };
  }
}
