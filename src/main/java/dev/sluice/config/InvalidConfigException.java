package dev.sluice.config;

import org.jspecify.annotations.Nullable;

/** A setting cannot be used; the message is one sentence that says which, whence and why. */
public final class InvalidConfigException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public InvalidConfigException(String message) {
    this(message, null);
  }

  public InvalidConfigException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
