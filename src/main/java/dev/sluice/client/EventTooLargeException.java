package dev.sluice.client;

/** Thrown if an event exceeds the maximum size of Sluice or of Kafka. */
public final class EventTooLargeException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  EventTooLargeException(String message) {
    super(message);
  }
}
