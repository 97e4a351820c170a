package dev.sluice.dev.embedded;

import org.jspecify.annotations.Nullable;

/**
 * Thrown if the broker inside the process could not start, or failed; the message is a sentence
 * with the reason.
 */
public final class EmbeddedKafkaException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  EmbeddedKafkaException(String message) {
    this(message, null);
  }

  EmbeddedKafkaException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
