package dev.sluice.registry;

import org.apache.kafka.common.errors.SerializationException;

/** A schema is invalid, or cannot stand beside the schemas that its subject already has. */
public final class IncompatibleSchemaException extends SerializationException {
  private static final long serialVersionUID = 1L;

  /** The message names the subject and says what does not fit. */
  public IncompatibleSchemaException(String message) {
    super(message);
  }
}
