package dev.sluice.event.codec;

import org.apache.kafka.common.errors.SerializationException;

/** A record is none of the contract's events; it says why in words of our own. */
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
