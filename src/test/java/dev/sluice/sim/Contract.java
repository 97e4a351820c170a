package dev.sluice.sim;

import dev.sluice.avro.AccessCommand;
import dev.sluice.avro.ProductEvent;
import dev.sluice.avro.ProductStatus;
import dev.sluice.avro.RequestStatus;
import dev.sluice.serde.SingleObjectSerde;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;

/** The contract's records without a registry, for tests of what happens between the topics. */
public final class Contract {
  public static final SingleObjectSerde<ProductEvent> EVENTS =
      new SingleObjectSerde<>(ProductEvent.class);
  public static final SingleObjectSerde<AccessCommand> COMMANDS =
      new SingleObjectSerde<>(AccessCommand.class);
  public static final SingleObjectSerde<ProductStatus> PRODUCTS =
      new SingleObjectSerde<>(ProductStatus.class);
  public static final SingleObjectSerde<RequestStatus> REQUESTS =
      new SingleObjectSerde<>(RequestStatus.class);

  private Contract() {}

  public static Deserializer<?> deserializer() {
    return EVENTS.deserializer();
  }

  public static Serializer<Object> serializer() {
    return (topic, value) ->
        switch (value) {
          case AccessCommand c -> COMMANDS.serializer().serialize(topic, c);
          case ProductStatus s -> PRODUCTS.serializer().serialize(topic, s);
          case RequestStatus s -> REQUESTS.serializer().serialize(topic, s);
          default -> throw new IllegalArgumentException(value.getClass().getName());
        };
  }
}
