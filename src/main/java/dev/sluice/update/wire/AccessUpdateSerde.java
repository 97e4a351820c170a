package dev.sluice.update.wire;

import dev.sluice.serde.SingleObjectSerde;
import dev.sluice.update.AccessUpdate;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;

/** Serde for updates between the stages, in Avro's single-object encoding. */
public final class AccessUpdateSerde implements Serde<AccessUpdate> {
  private final SingleObjectSerde<dev.sluice.avro.internal.AccessUpdate> avro =
      new SingleObjectSerde<>(dev.sluice.avro.internal.AccessUpdate.class);

  @Override
  public Serializer<AccessUpdate> serializer() {
    var serializer = avro.serializer();
    return (topic, update) ->
        update == null ? null : serializer.serialize(topic, UpdateAvro.toAvro(update));
  }

  @Override
  public Deserializer<AccessUpdate> deserializer() {
    var deserializer = avro.deserializer();
    return (topic, bytes) ->
        bytes == null ? null : UpdateAvro.fromAvro(deserializer.deserialize(topic, bytes));
  }
}
