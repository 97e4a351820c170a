package dev.sluice.operator;

import org.jspecify.annotations.Nullable;

/**
 * Thrown if the worker cannot start or continue without an operator. The message has the cause and
 * the remedy.
 */
public final class OperatorException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Creates an exception with a cause. */
  public OperatorException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** Creates an exception without a cause. */
  public OperatorException(String message) {
    super(message);
  }
}
