package dev.sluice.serde;

import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.ThrottlingQuotaExceededException;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * Exceptions of the shapes that Confluent's serializers and deserializers give to a registry's
 * answers. {@code ConfluentIT} compares with the real classes.
 */
public final class ConfluentFailures {
  private static final String MESSAGE = "Error retrieving Avro value schema for id 7";

  /** Error code of Confluent's client for an answer without one. */
  private static final int NO_CODE = 50005;

  private ConfluentFailures() {}

  /** A registry's answer, in both shapes. */
  public record Answer(int status, int code) {

    /** As version 7.9.2 throws it. */
    public RuntimeException newer() {
      var cause = new RestClientException("no", status, code);
      return switch (status) {
        case 401 -> new AuthenticationException(MESSAGE, cause);
        case 403 -> new AuthorizationException(MESSAGE, cause);
        case 429 -> new ThrottlingQuotaExceededException(cause.getMessage());
        case 408, 500, 503, 504 -> new TimeoutException(MESSAGE, cause);
        case 502 -> new DisconnectException(MESSAGE, cause);
        default -> new SerializationException(MESSAGE, cause);
      };
    }

    /** As versions before it throw it. */
    public RuntimeException older() {
      var cause = new RestClientException("no", status, code);
      return code / 100 == 4
          ? new InvalidConfigurationException(cause.getMessage())
          : new SerializationException(MESSAGE, cause);
    }

    Stream<RuntimeException> both() {
      return Stream.of(newer(), older());
    }
  }

  /** Answers of a registry that cannot be asked now, whatever the question. */
  public static Stream<RuntimeException> outages() {
    return Stream.of(401, 403, 405, 408, 429, 500, 502, 503, 504)
        .flatMap(status -> codes(status).stream().map(code -> new Answer(status, code)))
        .flatMap(Answer::both);
  }

  /** A 404 that is not the registry's own. */
  public static Stream<RuntimeException> notFoundByOthers() {
    return Stream.of(new Answer(404, 404), new Answer(404, NO_CODE)).flatMap(Answer::both);
  }

  /** The registry's own answers about a schema that it does not have. */
  public static Stream<RuntimeException> unknown() {
    return Stream.of(40401, 40402, 40403).map(code -> new Answer(404, code)).flatMap(Answer::both);
  }

  /** The registry does not take a schema. */
  public static Stream<RuntimeException> refusals() {
    return Stream.of(
            new Answer(409, 409),
            new Answer(409, 40901),
            new Answer(422, 422),
            new Answer(422, 42201),
            new Answer(422, 42205))
        .flatMap(Answer::both);
  }

  /** The plain status, Confluent's own two digits behind it, and an answer without a code. */
  private static List<Integer> codes(int status) {
    return List.of(status, status * 100 + 1, NO_CODE);
  }

  /** Named, and made, like the one of Confluent's client. */
  public static final class RestClientException extends Exception {
    private static final long serialVersionUID = 1L;
    private final int status;
    private final int errorCode;

    RestClientException(String message, int status, int errorCode) {
      super(message + "; error code: " + errorCode);
      this.status = status;
      this.errorCode = errorCode;
    }

    public int getStatus() {
      return status;
    }

    public int getErrorCode() {
      return errorCode;
    }
  }
}
