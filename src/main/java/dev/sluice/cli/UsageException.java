package dev.sluice.cli;

/**
 * Thrown for unusable input of the user. The message has the input and the problem; a stack trace
 * would not help.
 */
public final class UsageException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public UsageException(String message) {
    super(message);
  }
}
