package dev.sluice.config;

import org.jspecify.annotations.Nullable;

/**
 * Thrown for an unusable setting; the message is one sentence with the setting, its source and the
 * problem.
 */
public final class InvalidConfigException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public InvalidConfigException(String message) {
    this(message, null);
  }

  public InvalidConfigException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
