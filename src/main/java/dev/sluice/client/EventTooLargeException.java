package dev.sluice.client;

/** An event is larger than what is read, or than what Kafka takes. */
public final class EventTooLargeException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  EventTooLargeException(String message) {
    super(message);
  }
}
