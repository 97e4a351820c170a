package dev.sluice.cli;

import java.io.IOException;

/** A worker was asked and did not answer as it should; the message is for the user. */
final class AskException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  AskException(String message) {
    super(message);
  }

  /** What is said where nothing answers at an address. */
  static String noAnswer(Object address, IOException e) {
    return "no answer from a worker at %s (%s): check that a worker runs there, and its http.port"
        .formatted(address, reason(e));
  }

  /** What the exception says; of one that says nothing, its name. */
  static String reason(IOException e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }
}
