package dev.sluice.product;

import dev.sluice.access.AccessUpdate;
import dev.sluice.access.AccessUpdate.Cause;
import dev.sluice.access.AccessUpdate.MembershipChanged;
import dev.sluice.event.EventReader;
import dev.sluice.event.EventReader.UnreadableEventException;
import dev.sluice.event.ProductEvent;
import dev.sluice.product.Decision.Applied;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.StoreBuilder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The product stage in a topology: reads an event, lets the {@link ProductDecider} decide, stores
 * and forwards what it says. Its input is the topic's bytes, so that whatever is rejected keeps
 * them as they came.
 *
 * @param reader makes the reader of one task
 * @param decider decides
 * @param observer is told of every outcome
 * @param patience waits while an event cannot be read
 * @param outputs the child nodes
 * @param storeKind makes a store's supplier of its name
 */
public record ProductStage(
    Supplier<EventReader> reader,
    ProductDecider decider,
    EventObserver observer,
    Patience patience,
    Outputs outputs,
    Function<String, KeyValueBytesStoreSupplier> storeKind)
    implements ProcessorSupplier<byte[], byte[], Object, Object> {

  /** Names of the child nodes that take what the stage says. */
  public record Outputs(
      String accessUpdates, String productStatus, String requestStatus, String rejectedEvents) {}

  private static final Logger LOG = LoggerFactory.getLogger(ProductStage.class);

  @Override
  public Set<StoreBuilder<?>> stores() {
    return ProductStores.builders(storeKind);
  }

  @Override
  public Processor<byte[], byte[], Object, Object> get() {
    return new Stage();
  }

  @SuppressWarnings("NullAway.Init") // init comes first
  private final class Stage implements Processor<byte[], byte[], Object, Object> {
    private ProcessorContext<Object, Object> context;
    private ProductStores stores;
    private EventReader events;

    @Override
    public void init(ProcessorContext<Object, Object> context) {
      this.context = context;
      stores = new ProductStores(context);
      events = reader.get();
    }

    @Override
    public void process(Record<byte[], byte[]> input) {
      ProductEvent event;
      try {
        event = read(input);
      } catch (UnreadableEventException e) {
        reject(input, null, RejectionReason.UNREADABLE, String.valueOf(e.getMessage()));
        return;
      }
      var key = Rejection.text(input.key());
      var productId = event.productId();
      var product = stores.product(productId);
      switch (decider.decide(key, product, stores.requestsOf(productId), event)) {
        case Applied applied -> {
          apply(input, event, applied);
          count(event, "applied");
        }
        case Decision.NoOp noOp -> {
          if (!noOp.product().equals(product)) {
            stores.put(noOp.product());
          }
          count(event, "no_op");
        }
        case Decision.Duplicate duplicate -> count(event, "duplicate");
        case Decision.Rejected rejected ->
            reject(input, event, rejected.reason(), rejected.message());
      }
    }

    private ProductEvent read(Record<byte[], byte[]> input) throws UnreadableEventException {
      for (int tries = 1; ; tries++) {
        try {
          return events.read(input.headers(), input.value());
        } catch (RuntimeException outage) {
          if (!patience.waitFor(tries, outage)) {
            throw outage;
          }
        }
      }
    }

    @Override
    public void close() {
      events.close();
    }

    private void apply(Record<byte[], byte[]> input, ProductEvent event, Applied applied) {
      var product = applied.product();
      var cause = new Cause(event.eventId(), event.occurredAt().toEpochMilli());
      stores.put(product);
      for (var change : applied.requests()) {
        var request = change.request();
        stores.put(product.productId(), request);
        forward(
            input,
            request.requestId(),
            ProductAvro.status(product.productId(), request, change.accessRemains(), cause),
            outputs.requestStatus());
      }
      for (var update : applied.updates()) {
        forward(input, keyOf(update), update, outputs.accessUpdates());
      }
      forward(
          input, product.productId(), ProductAvro.status(product, cause), outputs.productStatus());
    }

    private static String keyOf(AccessUpdate update) {
      return update instanceof MembershipChanged changed ? changed.userId() : update.productId();
    }

    private void forward(Record<byte[], byte[]> input, String key, Object value, String child) {
      context.forward(new Record<>(key, value, timestamp(input)), child);
    }

    /** A broker refuses records from the far future; nothing that is put in may stop the worker. */
    private long timestamp(Record<byte[], byte[]> input) {
      return Math.min(input.timestamp(), context.currentSystemTimeMs());
    }

    private void reject(
        Record<byte[], byte[]> input,
        @Nullable ProductEvent event,
        RejectionReason reason,
        String message) {
      var at = context.recordMetadata().orElse(null);
      var eventId = event == null ? null : event.eventId();
      LOG.debug("rejected {} at {}: {} {}", eventId, at, reason, message);
      // The time of the rejection, not of the event: retention must not take it away at once.
      context.forward(
          new Record<>(
              input.key(),
              input.value(),
              context.currentSystemTimeMs(),
              Rejection.headers(input.headers(), at, eventId, reason, message)),
          outputs.rejectedEvents());
      observer.decided(
          event == null ? "unknown" : event.type(), reason.name().toLowerCase(Locale.ROOT));
    }

    private void count(ProductEvent event, String outcome) {
      observer.decided(event.type(), outcome);
    }
  }
}
