package dev.sluice.dev.embedded;

import org.jspecify.annotations.Nullable;

/**
 * The broker inside the process could not start, or gave up; the message says why in a sentence.
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
