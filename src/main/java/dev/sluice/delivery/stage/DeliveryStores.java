package dev.sluice.delivery.stage;

import dev.sluice.avro.internal.StoredDelivery;
import dev.sluice.avro.internal.StoredResult;
import dev.sluice.serde.SingleObjectSerde;
import dev.sluice.streams.CommitHook;
import java.util.Set;
import java.util.function.Function;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/** The stores of the delivery stage. Their names are part of the stored state. */
final class DeliveryStores {

  /** Key of the command → the command and its state. */
  static final String OUTSTANDING = "outstanding-commands";

  /** Action, type, time and key of each outstanding command. */
  static final String BY_TIME = "outstanding-by-time";

  /** Key of the command → the result that was read before it. */
  static final String EARLY = "early-results";

  /** Time of reading and key of the command, for each result that waits. */
  static final String EARLY_BY_TIME = "early-results-by-time";

  static final String COMMIT = "delivery-commit";

  private DeliveryStores() {}

  static Set<StoreBuilder<?>> builders(Function<String, KeyValueBytesStoreSupplier> kind) {
    var text = Serdes.String();
    return Set.of(
        Stores.keyValueStoreBuilder(
            kind.apply(OUTSTANDING), text, new SingleObjectSerde<>(StoredDelivery.class)),
        Stores.keyValueStoreBuilder(kind.apply(BY_TIME), text, Serdes.ByteArray()),
        Stores.keyValueStoreBuilder(
            kind.apply(EARLY), text, new SingleObjectSerde<>(StoredResult.class)),
        Stores.keyValueStoreBuilder(kind.apply(EARLY_BY_TIME), text, Serdes.ByteArray()),
        CommitHook.builder(COMMIT));
  }
}
