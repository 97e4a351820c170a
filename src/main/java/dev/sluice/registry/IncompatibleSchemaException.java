package dev.sluice.registry;

import org.apache.kafka.common.errors.SerializationException;

/** Exception for a schema that is invalid, or incompatible with the schemas of its subject. */
public final class IncompatibleSchemaException extends SerializationException {
  private static final long serialVersionUID = 1L;

  /** Creates the exception; the message names the subject and the incompatibility. */
  public IncompatibleSchemaException(String message) {
    super(message);
  }
}
