package dev.sluice.serde;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ProtocolException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.util.Arrays;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.apache.avro.AvroRuntimeException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.ThrottlingQuotaExceededException;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a failure is an outage, after which the same call may succeed, or an answer that
 * stays. The read path, the write path and the handler of failed threads all ask this class.
 *
 * <p>Serializers and deserializers never connect to a broker, so each error of credentials or
 * rights below them is the registry's. Confluent's classes are not on the class path and are
 * recognised by name. They report a registry's answer in one of three forms:
 *
 * <ul>
 *   <li>a {@code RestClientException} among the causes, with the HTTP status and the error code;
 *   <li>newer ones for 429: a {@link ThrottlingQuotaExceededException} without a cause;
 *   <li>older ones for each error code from 400 to 499: an {@link InvalidConfigurationException}
 *       without a cause, whose message ends with the error code.
 * </ul>
 */
public final class OutageClassifier {

  /** The meaning of a failure for the record that was to be read or written. */
  public enum Meaning {
    /** The registry cannot be asked now: the same call may succeed later. */
    OUTAGE,
    /** The registry answered that it does not have the schema. */
    UNKNOWN_SCHEMA,
    /** The serializer or deserializer cannot work as configured; the record may be good. */
    MISCONFIGURED,
    /** Other answers of the registry, and all faults of the record itself. */
    REFUSAL
  }

  /**
   * Codes for an unknown subject, version or schema; another 404 is from a proxy or a wrong path.
   */
  private static final Set<Integer> UNKNOWN_CODES = Set.of(40401, 40402, 40403);

  private static final int BAD_REQUEST = 400;
  private static final int UNAUTHORIZED = 401;
  private static final int FORBIDDEN = 403;
  private static final int NOT_FOUND = 404;
  private static final int TIMED_OUT = 408;
  private static final int CONFLICT = 409;
  private static final int UNPROCESSABLE = 422;
  private static final int TOO_MANY = 429;
  private static final int BROKEN = 500;

  /** Lower bound of error codes that consist of the HTTP status and two more digits. */
  private static final int LONG_CODE = 10_000;

  private static final Pattern CODE = Pattern.compile("; error code: (\\d{3}|\\d{5})$");

  /** Maximum number of causes that are followed; causes can be circular. */
  private static final int DEPTH_MAX = 20;

  private OutageClassifier() {}

  /**
   * A registry's answer, as far as an exception contains it.
   *
   * @param status the HTTP status; 0 if unknown
   * @param code the registry's error code; null if unknown
   */
  private record Answer(int status, @Nullable Integer code) {
    /** Returns the answer for an error code alone. */
    static Answer of(int code) {
      return new Answer(code < LONG_CODE ? code : code / 100, code);
    }

    boolean isUnknown() {
      return status == NOT_FOUND && (code == null || UNKNOWN_CODES.contains(code));
    }

    boolean isOfCredentials() {
      return status == UNAUTHORIZED || status == FORBIDDEN;
    }

    boolean isOverload() {
      return status == TIMED_OUT || status == TOO_MANY || status >= BROKEN;
    }
  }

  /** Classifies an exception that a deserializer threw. */
  public static Meaning reading(Throwable error) {
    var answer = answer(error);
    if (find(error, e -> e instanceof UnknownSchemaError)) {
      return Meaning.UNKNOWN_SCHEMA;
    }
    if (answer != null) {
      // A request by id alone has no other answers of a registry.
      return answer.isUnknown() || answer.status() == BAD_REQUEST || isUnprocessable(answer)
          ? Meaning.UNKNOWN_SCHEMA
          : Meaning.OUTAGE;
    }
    return withoutAnswer(error);
  }

  /** Classifies an exception that a serializer threw. */
  public static Meaning writing(Throwable error) {
    var answer = answer(error);
    if (answer != null) {
      return answer.isUnknown() || answer.status() == CONFLICT || isUnprocessable(answer)
          ? Meaning.REFUSAL
          : Meaning.OUTAGE;
    }
    return withoutAnswer(error);
  }

  private static boolean isUnprocessable(Answer answer) {
    return answer.status() == UNPROCESSABLE;
  }

  private static Meaning withoutAnswer(Throwable error) {
    if (find(
        error,
        e ->
            e instanceof RetriableException
                || e instanceof AuthenticationException
                || e instanceof AuthorizationException
                || isOfNetwork(e))) {
      return Meaning.OUTAGE;
    }
    // An answer that is not JSON is not a registry's. Avro's exceptions are about a schema's own
    // text.
    if (find(error, e -> e instanceof JsonProcessingException)
        && !find(error, e -> e instanceof AvroRuntimeException)) {
      return Meaning.OUTAGE;
    }
    return find(error, e -> e instanceof InvalidConfigurationException)
        ? Meaning.MISCONFIGURED
        : Meaning.REFUSAL;
  }

  /**
   * Returns the exception to throw in place of a deserializer's: a {@link RetriableException} for
   * an outage, else the same.
   */
  public static RuntimeException whileReading(RuntimeException error) {
    return reading(error) == Meaning.OUTAGE ? outage(error) : error;
  }

  /**
   * Returns the exception to throw in place of a serializer's: a {@link RetriableException} for an
   * outage, else the same.
   */
  public static RuntimeException whileWriting(RuntimeException error) {
    return writing(error) == Meaning.OUTAGE ? outage(error) : error;
  }

  /**
   * Returns whether a failed thread met an outage of Kafka, the registry or the network. An {@link
   * IOException} below a {@link SerializationException} counts only if it is the network's. Bytes
   * that cannot be decoded cause one too, and are not an outage.
   */
  public static boolean isPassing(Throwable error) {
    var serializing = false;
    var e = error;
    for (int depth = 0; e != null && depth < DEPTH_MAX; e = e.getCause(), depth++) {
      serializing |= e instanceof SerializationException;
      if (e instanceof RetriableException
          || isOfNetwork(e)
          || (e instanceof IOException && !serializing)) {
        return true;
      }
    }
    return false;
  }

  /** Returns whether the unavailable service is the registry, whatever the causes are. */
  public static boolean isOfRegistry(Throwable error) {
    return find(error, e -> e instanceof OutageException);
  }

  private static RetriableException outage(RuntimeException error) {
    var answer = answer(error);
    return answer == null && error instanceof RetriableException own
        ? own
        : new OutageException(message(error, answer), error);
  }

  private static String message(Throwable error, @Nullable Answer answer) {
    if (answer == null) {
      return find(
              error,
              e -> e instanceof AuthenticationException || e instanceof AuthorizationException)
          ? credentials("")
          : "the schema registry does not answer; check that it runs, and schema.registry.url";
    }
    var status = " (HTTP " + answer.status() + ")";
    if (answer.isOfCredentials()) {
      return credentials(status);
    }
    return answer.isOverload()
        ? "the schema registry is overloaded or broken" + status + "; look at its log"
        : "the schema registry gave no answer of a registry"
            + status
            + "; check that schema.registry.url and its path are those of a registry";
  }

  private static String credentials(String status) {
    return "the schema registry does not accept the credentials"
        + status
        + "; check basic.auth.user.info or bearer.auth.token, and that user's rights";
  }

  private static @Nullable Answer answer(Throwable error) {
    var e = error;
    for (int depth = 0; e != null && depth < DEPTH_MAX; e = e.getCause(), depth++) {
      if (e.getClass().getSimpleName().equals("RestClientException")) {
        var status = number(e, "getStatus");
        return new Answer(status == null ? 0 : status, number(e, "getErrorCode"));
      }
      if (e instanceof ThrottlingQuotaExceededException) {
        return new Answer(TOO_MANY, null);
      }
      if (e instanceof InvalidConfigurationException) {
        // Errors of credentials are of this class too, with the answer below them.
        var code = CODE.matcher(String.valueOf(e.getMessage()));
        if (code.find()) {
          return Answer.of(Integer.parseInt(code.group(1)));
        }
      }
    }
    return null;
  }

  private static @Nullable Integer number(Throwable e, String getter) {
    try {
      return (Integer) e.getClass().getMethod(getter).invoke(e);
    } catch (ReflectiveOperationException | ClassCastException other) {
      return null;
    }
  }

  private static boolean isOfNetwork(Throwable e) {
    return e instanceof SocketException
        || e instanceof InterruptedIOException
        || e instanceof UnknownHostException
        || e instanceof HttpTimeoutException
        || e instanceof ProtocolException
        || e instanceof SSLException
        || (e instanceof IOException && isOfHttp(e));
  }

  /** Java's HTTP client has no exception class for an answer that breaks off. */
  private static boolean isOfHttp(Throwable e) {
    return Arrays.stream(e.getStackTrace())
        .anyMatch(frame -> frame.getClassName().startsWith("sun.net.www."));
  }

  private static boolean find(Throwable error, Predicate<Throwable> kind) {
    var e = error;
    for (int depth = 0; e != null && depth < DEPTH_MAX; e = e.getCause(), depth++) {
      if (kind.test(e)) {
        return true;
      }
    }
    return false;
  }
}
