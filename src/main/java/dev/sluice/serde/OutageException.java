package dev.sluice.serde;

import org.apache.kafka.common.errors.RetriableException;

/**
 * Exception for an unavailable schema registry. The record itself may be good, and is to be read or
 * written again later. The cause is the serializer's or deserializer's own exception.
 */
public final class OutageException extends RetriableException {
  private static final long serialVersionUID = 1L;

  OutageException(String message, Throwable cause) {
    super(message, cause);
  }
}
