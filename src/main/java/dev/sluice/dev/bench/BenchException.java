package dev.sluice.dev.bench;

import org.jspecify.annotations.Nullable;

/** A measurement that came to nothing, or whose result would be wrong. The message says why. */
public final class BenchException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  BenchException(String message) {
    super(message);
  }

  BenchException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
