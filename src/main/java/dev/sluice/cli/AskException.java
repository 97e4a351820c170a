package dev.sluice.cli;

/** A worker was asked and did not answer as it should; the message is for the user. */
final class AskException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  AskException(String message) {
    super(message);
  }
}
