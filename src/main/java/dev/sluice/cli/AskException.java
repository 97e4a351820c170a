package dev.sluice.cli;

import java.io.IOException;

/** Thrown if a worker's answer is missing or invalid; the message is for the user. */
final class AskException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  AskException(String message) {
    super(message);
  }

  /** Returns the message for an address without an answer. */
  static String noAnswer(Object address, IOException e) {
    return "no answer from a worker at %s (%s): check that a worker runs there, and its http.port"
        .formatted(address, reason(e));
  }

  /** Returns the message of an exception, or its name if it has none. */
  static String reason(IOException e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }
}
