package dev.sluice.registry;

import org.apache.kafka.common.errors.RetriableException;
import org.jspecify.annotations.Nullable;

/**
 * No schema registry gave a usable answer: none was reached, none accepted the credentials, or what
 * answered is not a registry. Says nothing about the record at hand, which is to be tried again.
 */
public final class RegistryUnavailableException extends RetriableException {
  private static final long serialVersionUID = 1L;

  /** The message names each URL, what went wrong there, and what to check; never credentials. */
  public RegistryUnavailableException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
