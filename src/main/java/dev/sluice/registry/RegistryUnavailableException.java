package dev.sluice.registry;

import org.apache.kafka.common.errors.RetriableException;
import org.jspecify.annotations.Nullable;

/**
 * Exception for a registry without a usable answer: no URL was reached, none accepted the
 * credentials, or the server is not a registry. The record itself may be good, and is to be tried
 * again.
 */
public final class RegistryUnavailableException extends RetriableException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception. The message names each URL, the failure there, and what to check; never
   * credentials.
   */
  public RegistryUnavailableException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
