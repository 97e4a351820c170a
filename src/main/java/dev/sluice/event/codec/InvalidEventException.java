package dev.sluice.event.codec;

import org.apache.kafka.common.errors.SerializationException;

/**
 * A record that is not an event of the contract; the message gives the reason in Sluice's own
 * words.
 */
final class InvalidEventException extends SerializationException {
  private static final long serialVersionUID = 1L;

  private final Remedy remedy;

  InvalidEventException(Remedy remedy, String message) {
    super(message);
    this.remedy = remedy;
  }

  Remedy remedy() {
    return remedy;
  }
}
