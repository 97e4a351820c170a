package dev.sluice.client;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.kafka.common.serialization.Serializer;

/** A serializer for tests without a registry. */
final class PlainAvro {
  static final Serializer<Object> EVENTS =
      (topic, data) -> {
        try {
          return ((dev.sluice.avro.ProductEvent) data).toByteBuffer().array();
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      };

  private PlainAvro() {}
}
