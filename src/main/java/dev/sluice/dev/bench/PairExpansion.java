package dev.sluice.dev.bench;

import dev.sluice.avro.AccessAction;
import dev.sluice.avro.AccessCommand;
import dev.sluice.avro.CommandReason;
import dev.sluice.event.DataSource;
import dev.sluice.event.Payload;
import dev.sluice.event.ProductEvent;
import dev.sluice.event.codec.EventReader;
import dev.sluice.event.codec.EventReader.UnreadableEventException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * Expands an event to one record for each user and source that it grants or revokes. The first half
 * of {@link DslBaseline}.
 *
 * @param reader creates a task's reader of events
 */
record PairExpansion(Supplier<EventReader> reader)
    implements ProcessorSupplier<byte[], byte[], String, AccessCommand> {

  /** productId → A or S, for active or suspended, and a line for each source. */
  private static final String PRODUCTS = "dsl-products";

  /** productId|userId. */
  private static final String MEMBERS = "dsl-members";

  private static final byte[] PRESENT = {};

  @Override
  public Set<StoreBuilder<?>> stores() {
    return Set.of(
        Stores.keyValueStoreBuilder(
            Stores.persistentKeyValueStore(PRODUCTS), Serdes.String(), Serdes.String()),
        Stores.keyValueStoreBuilder(
            Stores.persistentKeyValueStore(MEMBERS), Serdes.String(), Serdes.ByteArray()));
  }

  @Override
  public Processor<byte[], byte[], String, AccessCommand> get() {
    return new Expansion(reader.get());
  }

  @SuppressWarnings("NullAway.Init") // init comes first
  private static final class Expansion implements Processor<byte[], byte[], String, AccessCommand> {
    private final EventReader reader;
    private ProcessorContext<String, AccessCommand> context;
    private KeyValueStore<String, String> products;
    private KeyValueStore<String, byte[]> members;

    Expansion(EventReader reader) {
      this.reader = reader;
    }

    @Override
    public void init(ProcessorContext<String, AccessCommand> context) {
      this.context = context;
      products = context.getStateStore(PRODUCTS);
      members = context.getStateStore(MEMBERS);
    }

    @Override
    public void process(Record<byte[], byte[]> input) {
      ProductEvent event;
      try {
        event = reader.read(input.headers(), input.value());
      } catch (UnreadableEventException e) {
        throw new IllegalStateException("a measurement's events can be read", e);
      }
      switch (event.payload()) {
        case Payload.ProductPublished published ->
            products.put(event.productId(), text(published.dataSources()));
        case Payload.AccessApproved approved ->
            approve(event, approved.userId(), input.timestamp());
        case Payload.ProductSuspended suspended -> flip(event, false, input.timestamp());
        case Payload.ProductResumed resumed -> flip(event, true, input.timestamp());
        default ->
            throw new IllegalStateException("a measurement has no event of type " + event.type());
      }
    }

    private void approve(ProductEvent event, String userId, long timestamp) {
      var product = products.get(event.productId());
      if (product != null
          && members.putIfAbsent(event.productId() + '|' + userId, PRESENT) == null
          && product.charAt(0) == 'A') {
        for (var source : sources(product)) {
          forward(event, true, userId, source, CommandReason.ACCESS_APPROVED, timestamp);
        }
      }
    }

    private void flip(ProductEvent event, boolean active, long timestamp) {
      var product = products.get(event.productId());
      if (product == null || (product.charAt(0) == 'A') == active) {
        return;
      }
      products.put(event.productId(), (active ? 'A' : 'S') + product.substring(1));
      var sources = sources(product);
      var reason = active ? CommandReason.PRODUCT_RESUMED : CommandReason.PRODUCT_SUSPENDED;
      var prefix = event.productId() + '|';
      try (var scan = members.prefixScan(prefix, new StringSerializer())) {
        while (scan.hasNext()) {
          var userId = scan.next().key.substring(prefix.length());
          for (var source : sources) {
            forward(event, active, userId, source, reason, timestamp);
          }
        }
      }
    }

    private void forward(
        ProductEvent event,
        boolean more,
        String userId,
        DataSource source,
        CommandReason reason,
        long timestamp) {
      var change =
          new AccessCommand(
              more ? AccessAction.GRANT : AccessAction.REVOKE,
              userId,
              source.sourceId(),
              source.sourceType(),
              event.productId(),
              reason,
              event.eventId(),
              0L,
              event.occurredAt(),
              0);
      context.forward(
          new Record<>(
              userId + '|' + source.sourceType() + '|' + source.sourceId(), change, timestamp));
    }

    private static String text(List<DataSource> sources) {
      var text = new StringBuilder("A");
      sources.forEach(
          s -> text.append('\n').append(s.sourceId()).append('|').append(s.sourceType()));
      return text.toString();
    }

    private static List<DataSource> sources(String product) {
      var sources = new ArrayList<DataSource>();
      product
          .lines()
          .skip(1)
          .forEach(
              line -> {
                var bar = line.indexOf('|');
                sources.add(new DataSource(line.substring(0, bar), line.substring(bar + 1)));
              });
      return sources;
    }

    @Override
    public void close() {
      reader.close();
    }
  }
}
