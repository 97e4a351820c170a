package dev.sluice.cli;

/** What the user gave cannot be used. The message says what and why; no stack trace helps. */
public final class UsageException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public UsageException(String message) {
    super(message);
  }
}
