package dev.sluice.sim;

import dev.sluice.avro.AccessCommand;
import dev.sluice.avro.ProductEvent;
import dev.sluice.avro.ProductStatus;
import dev.sluice.avro.RequestStatus;
import dev.sluice.avro.UserEvent;
import dev.sluice.serde.SingleObjectSerde;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;

/** The contract's records without a registry, for tests of what happens between the topics. */
public final class Contract {
  public static final SingleObjectSerde<ProductEvent> EVENTS =
      new SingleObjectSerde<>(ProductEvent.class);
  public static final SingleObjectSerde<UserEvent> USERS = new SingleObjectSerde<>(UserEvent.class);
  public static final SingleObjectSerde<AccessCommand> COMMANDS =
      new SingleObjectSerde<>(AccessCommand.class);
  public static final SingleObjectSerde<ProductStatus> PRODUCTS =
      new SingleObjectSerde<>(ProductStatus.class);
  public static final SingleObjectSerde<RequestStatus> REQUESTS =
      new SingleObjectSerde<>(RequestStatus.class);

  private Contract() {}

  public static Deserializer<?> deserializer() {
    return (Deserializer<SpecificRecordBase>)
        (topic, bytes) ->
            topic.endsWith("user-events")
                ? USERS.deserializer().deserialize(topic, bytes)
                : EVENTS.deserializer().deserialize(topic, bytes);
  }

  public static Serializer<Object> serializer() {
    return (topic, value) ->
        switch (value) {
          case ProductStatus s -> PRODUCTS.serializer().serialize(topic, s);
          case RequestStatus s -> REQUESTS.serializer().serialize(topic, s);
          case SpecificRecordBase other -> commandBytes(topic, other);
          default -> throw new IllegalArgumentException(value.getClass().getName());
        };
  }

  /** A command need not be of the generated class. */
  @SuppressWarnings("unchecked")
  private static byte[] commandBytes(String topic, SpecificRecordBase command) {
    if (!command.getSchema().equals(AccessCommand.getClassSchema())) {
      throw new IllegalArgumentException(command.getClass().getName());
    }
    return ((Serializer<SpecificRecordBase>) (Serializer<?>) COMMANDS.serializer())
        .serialize(topic, command);
  }
}
