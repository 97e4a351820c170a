package dev.sluice.product.stage;

import dev.sluice.contract.RejectionReason;
import dev.sluice.contract.TraceHeaders;
import dev.sluice.event.Payload;
import dev.sluice.event.Payload.DataSourcesReplaced;
import dev.sluice.event.Payload.ProductDeleted;
import dev.sluice.event.Payload.ProductResumed;
import dev.sluice.event.Payload.ProductSuspended;
import dev.sluice.event.ProductEvent;
import dev.sluice.event.codec.EventReader;
import dev.sluice.product.Decision;
import dev.sluice.product.Decision.Applied;
import dev.sluice.product.Decision.Rejected;
import dev.sluice.product.DecisionRules;
import dev.sluice.product.ExpiryDecider;
import dev.sluice.product.ExpirySchedule;
import dev.sluice.product.Product;
import dev.sluice.product.ProductDecider;
import dev.sluice.product.TextLimits;
import dev.sluice.streams.EarlyCommit;
import dev.sluice.streams.IdleCommits;
import dev.sluice.streams.OutageRetry;
import dev.sluice.streams.PoisonedRecordException;
import dev.sluice.streams.SetAsideRecords;
import dev.sluice.streams.SweepScheduling;
import dev.sluice.update.AccessUpdate.Trigger;
import java.time.Duration;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import org.apache.kafka.streams.processor.Cancellable;
import org.apache.kafka.streams.processor.PunctuationType;
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
 * The product stage in a topology: reads an event, lets the {@link ProductDecider} decide, then
 * stores and forwards the result. Its input is the topic's bytes, so a rejected record keeps its
 * original form.
 *
 * @param reader makes the reader of one task
 * @param partitionOf the partition of a user, from 0
 * @param rules the configured rules of decisions
 * @param schedule the times at which requests change
 * @param observer the listener for every outcome
 * @param outageRetry waits while an event cannot be read
 * @param turns is notified of every record, so that sweeps on the same thread give way
 * @param outputs the child nodes
 * @param storeKind makes a store's supplier from its name
 * @param setAside the records that are not to be processed
 * @param idleCommits requests commits at rest
 */
public record ProductStage(
    Supplier<EventReader> reader,
    ToIntFunction<String> partitionOf,
    DecisionRules rules,
    ExpirySchedule schedule,
    EventObserver observer,
    OutageRetry outageRetry,
    SweepScheduling.Scheduler turns,
    Outputs outputs,
    Function<String, KeyValueBytesStoreSupplier> storeKind,
    SetAsideRecords setAside,
    IdleCommits idleCommits)
    implements ProcessorSupplier<byte[], byte[], Object, Object> {

  /** Names of the child nodes that take the stage's outputs. */
  public record Outputs(
      String accessUpdates, String productStatus, String requestStatus, String rejectedEvents) {}

  /** Interval between two checks for due entries. */
  private static final Duration TICK = Duration.ofMillis(100);

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
    private final ProductDecider decider = new ProductDecider(partitionOf, rules);
    private EarlyCommit promptly;
    private IdleCommits.Task idle;
    private ProductStores stores;
    private EventReader events;
    private EventInput<ProductEvent> eventInput;
    private StageOutput stageOutput;
    private RequestRemoval requestRemoval;
    private DueProcessor dueProcessor;
    private Cancellable ticking;
    private int partition;
    private boolean open;

    @Override
    public void init(ProcessorContext<Object, Object> context) {
      this.context = context;
      promptly = new EarlyCommit(context);
      idle = idleCommits.task(context);
      stageOutput = new StageOutput(context, outputs);
      stores = new ProductStores(context, stageOutput, schedule);
      events = reader.get();
      eventInput =
          new EventInput<>(
              context,
              setAside,
              SetAsideRecords.Input.EVENTS,
              (headers, value) -> TextLimits.cut(events.read(headers, value)),
              outageRetry,
              observer,
              stageOutput::rejected,
              LOG);
      requestRemoval = new RequestRemoval(stores, stageOutput);
      dueProcessor =
          new DueProcessor(stores, stageOutput, new ExpiryDecider(schedule, partitionOf), observer);
      ticking = context.schedule(TICK, PunctuationType.WALL_CLOCK_TIME, this::tick);
      partition = context.taskId().partition();
      observer.opened(partition, stores.statistics());
      open = true;
    }

    private void tick(long nowMs) {
      stageOutput.begin(null);
      stores.readOn();
      dueProcessor.work(nowMs, new RequestBudget());
      requestRemoval.work(new RequestBudget(), nowMs);
      stores.wakeStatuses(nowMs);
    }

    @Override
    public void process(Record<byte[], byte[]> input) {
      stores.beginReading();
      stageOutput.begin(TraceHeaders.read(input.headers()));
      stores.statistics().arrived(input.timestamp());
      var at = context.recordMetadata().orElse(null);
      if (at != null) {
        observer.given(at.partition(), at.offset());
      }
      var sweeps = false;
      if (!eventInput.setsAside(input, at)) {
        try {
          sweeps = decide(input);
        } catch (RuntimeException e) {
          throw PoisonedRecordException.of(SetAsideRecords.Input.EVENTS, at, e);
        }
      }
      if (!sweeps) {
        turns.input();
      }
      if (at != null) {
        stores.read(at.offset());
      }
      idle.processed(at);
    }

    /** Decides an event; returns whether it causes a sweep. */
    private boolean decide(Record<byte[], byte[]> input) {
      var event = eventInput.read(input);
      if (event == null) {
        return false;
      }
      var tooLarge = Rejection.tooLarge(input, event);
      if (tooLarge != null) {
        eventInput.reject(input, event, new Rejected(RejectionReason.TOO_LARGE, tooLarge));
        return false;
      }
      var key = Rejection.text(input.key());
      var productId = event.productId();
      var product = stores.product(productId);
      switch (decide(key, product, event)) {
        case Applied applied -> {
          apply(input, event, product, applied);
          eventInput.count(event, "applied");
          return sweeps(event.payload());
        }
        case Decision.NoOp noOp -> {
          if (!noOp.product().equals(product)) {
            stores.put(product, noOp.product());
          }
          eventInput.count(event, "no_op");
        }
        case Decision.Duplicate duplicate -> eventInput.count(event, "duplicate");
        case Rejected rejected -> eventInput.reject(input, event, rejected);
      }
      return false;
    }

    private static boolean sweeps(Payload payload) {
      return payload instanceof ProductSuspended
          || payload instanceof ProductResumed
          || payload instanceof ProductDeleted
          || payload instanceof DataSourcesReplaced;
    }

    private Decision decide(@Nullable String key, @Nullable Product product, ProductEvent event) {
      var requests = stores.requestsOf(event.productId());
      return decider.decide(
          key, partition, product, requests, event, context.currentSystemTimeMs());
    }

    @Override
    public void close() {
      if (open) { // else init failed
        open = false;
        // Streams may call init again on the same object, which then keeps its old schedules.
        ticking.cancel();
        idle.close();
        observer.closed(partition, stores.statistics());
        events.close();
      }
    }

    private void apply(
        Record<byte[], byte[]> input,
        ProductEvent event,
        @Nullable Product before,
        Applied applied) {
      var product = applied.product();
      var trigger = new Trigger(event.eventId(), event.occurredAt().toEpochMilli());
      var timestamp = input.timestamp();
      stores.put(before, product);
      applied.visit(
          stores.requestsOf(product.productId()),
          change -> {
            stores.put(product.productId(), change.request());
            stageOutput.request(product.productId(), change, trigger, timestamp);
          });
      stageOutput.updates(applied.updates(), timestamp);
      status(event, product, trigger, timestamp);
      if (sweeps(event.payload())) {
        promptly.commit();
      }
      if (event.payload() instanceof ProductDeleted deleted) {
        requestRemoval.add(event, deleted);
        requestRemoval.work(new RequestBudget(), timestamp);
      }
    }

    /**
     * Publishes the product's status: at once for an event about the product, at the commit for one
     * about a request, so that the requests of one commit make one status.
     */
    private void status(ProductEvent event, Product product, Trigger trigger, long timestamp) {
      switch (event.payload()) {
        case Payload.RequestPayload p -> stores.status(product, trigger, timestamp);
        case Payload.ProductPayload p -> {
          stageOutput.product(product, trigger, timestamp);
          stores.published(product);
        }
      }
    }
  }
}
