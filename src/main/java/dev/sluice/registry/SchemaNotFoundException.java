package dev.sluice.registry;

import org.apache.kafka.common.errors.SerializationException;

/** The registry answered that it does not hold the subject, version or schema asked for. */
public final class SchemaNotFoundException extends SerializationException {
  private static final long serialVersionUID = 1L;

  /** Confluent's error code for a subject that the registry does not hold. */
  public static final int UNKNOWN_SUBJECT = 40401;

  /** Confluent's error code for a version that the subject does not have. */
  public static final int UNKNOWN_VERSION = 40402;

  /** Confluent's error code for a schema or schema id that the registry does not hold. */
  public static final int UNKNOWN_SCHEMA = 40403;

  private final int errorCode;

  /** An answer with one of the error codes above. */
  public SchemaNotFoundException(int errorCode, String message) {
    super(message);
    this.errorCode = errorCode;
  }

  /** One of the constants of this class. */
  public int errorCode() {
    return errorCode;
  }
}
