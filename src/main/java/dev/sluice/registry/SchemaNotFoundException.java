package dev.sluice.registry;

import dev.sluice.serde.UnknownSchemaError;
import org.apache.kafka.common.errors.SerializationException;

/** Exception for a subject, version, schema or level that the registry does not have. */
public final class SchemaNotFoundException extends SerializationException
    implements UnknownSchemaError {
  private static final long serialVersionUID = 1L;

  /** Confluent's error code for an unknown subject. */
  public static final int UNKNOWN_SUBJECT = 40401;

  /** Confluent's error code for an unknown version of a subject. */
  public static final int UNKNOWN_VERSION = 40402;

  /** Confluent's error code for an unknown schema or schema id. */
  public static final int UNKNOWN_SCHEMA = 40403;

  /** Confluent's error code for a subject that has no compatibility level of its own. */
  public static final int NO_LEVEL = 40408;

  private final int errorCode;

  /** Creates the exception with one of the error codes above. */
  public SchemaNotFoundException(int errorCode, String message) {
    super(message);
    this.errorCode = errorCode;
  }

  /** Returns whether the error code is one of the constants of this class. */
  static boolean isCode(int errorCode) {
    return errorCode == UNKNOWN_SUBJECT
        || errorCode == UNKNOWN_VERSION
        || errorCode == UNKNOWN_SCHEMA
        || errorCode == NO_LEVEL;
  }

  /** Returns the error code, one of the constants of this class. */
  public int errorCode() {
    return errorCode;
  }
}
