package dev.sluice.event;

import dev.sluice.serde.TrustedRecords;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.util.Locale;
import javax.net.ssl.SSLException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/**
 * Makes events of the bytes on the topic, with whichever deserializer is configured. Bytes that are
 * no event are one thing, a registry that cannot be asked just now is another: the first is said
 * once and for all, the second propagates, so that a good event is never rejected because of an
 * outage.
 */
public final class EventReader implements AutoCloseable {
  private final Deserializer<?> deserializer;
  private final String topic;

  /** A reader of one topic. */
  public EventReader(Deserializer<?> deserializer, String topic) {
    TrustedRecords.trust();
    this.deserializer = deserializer;
    this.topic = topic;
  }

  /**
   * Reads one record's value.
   *
   * @throws UnreadableEventException when the bytes are no event
   * @throws RuntimeException when that cannot be told now
   */
  public ProductEvent read(Headers headers, byte @Nullable [] value)
      throws UnreadableEventException {
    if (value == null) {
      throw new UnreadableEventException("the record has no value", null);
    }
    Object event;
    try {
      event = deserializer.deserialize(topic, headers, value);
    } catch (RuntimeException e) {
      if (isOutage(e)) {
        throw e;
      }
      throw new UnreadableEventException(innermost(e), e);
    }
    if (!(event instanceof dev.sluice.avro.ProductEvent avro)) {
      throw new UnreadableEventException(
          "the record is a "
              + (event == null ? "null" : event.getClass().getSimpleName())
              + ", not a ProductEvent",
          null);
    }
    try {
      return EventAvro.fromAvro(avro);
    } catch (RuntimeException e) {
      throw new UnreadableEventException(innermost(e), e);
    }
  }

  @Override
  public void close() {
    deserializer.close();
  }

  private static boolean isOutage(Throwable error) {
    for (Throwable e = error; e != null; e = e.getCause()) {
      if (e instanceof RetriableException
          || e instanceof SocketException
          || e instanceof SocketTimeoutException
          || e instanceof UnknownHostException
          || e instanceof HttpTimeoutException
          || e instanceof SSLException
          || isRestOutage(e)) {
        return true;
      }
      if (e.getCause() == e) {
        break;
      }
    }
    return false;
  }

  /** Confluent's client wraps the registry's answers in a class that is not on our class path. */
  private static boolean isRestOutage(Throwable e) {
    if (!e.getClass().getSimpleName().equals("RestClientException")) {
      return false;
    }
    try {
      var status = (int) e.getClass().getMethod("getStatus").invoke(e);
      return status >= 500 || status == 401 || status == 403 || status == 408 || status == 429;
    } catch (ReflectiveOperationException | ClassCastException unknown) {
      return true;
    }
  }

  private static String innermost(Throwable error) {
    var message = "";
    var e = error;
    for (int depth = 0; e != null && depth < 20; e = e.getCause(), depth++) {
      var own = e.getMessage();
      if (own != null && !own.isBlank() && !message.contains(own)) {
        message = message.isEmpty() ? own : message + ": " + own;
      }
    }
    if (message.isEmpty()) {
      message = error.getClass().getSimpleName().toLowerCase(Locale.ROOT);
    }
    return message.length() > 500 ? message.substring(0, 500) + "…" : message;
  }

  /** Bytes that are no event. */
  public static final class UnreadableEventException extends Exception {
    private static final long serialVersionUID = 1L;

    UnreadableEventException(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }
}
