package dev.sluice.operator;

import org.jspecify.annotations.Nullable;

/** The worker cannot start, or go on, as things are. The message says why and what to do. */
public final class OperatorException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** With what lies behind it. */
  public OperatorException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** With a message alone. */
  public OperatorException(String message) {
    super(message);
  }
}
