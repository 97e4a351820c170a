package dev.sluice.client;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.kafka.common.serialization.Serializer;

/** What stands for the configured serializer where no registry is. */
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
