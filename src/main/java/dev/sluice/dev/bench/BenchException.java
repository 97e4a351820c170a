package dev.sluice.dev.bench;

import org.jspecify.annotations.Nullable;

/** Thrown if a measurement failed, or its result would be wrong. The message has the reason. */
public final class BenchException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  BenchException(String message) {
    super(message);
  }

  BenchException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
