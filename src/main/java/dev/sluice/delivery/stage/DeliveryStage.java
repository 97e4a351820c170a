package dev.sluice.delivery.stage;

import dev.sluice.avro.internal.StoredDelivery;
import dev.sluice.avro.internal.StoredResult;
import dev.sluice.contract.Topics;
import dev.sluice.delivery.CountedResult;
import dev.sluice.delivery.DeliveryDecider;
import dev.sluice.delivery.DeliveryDecision;
import dev.sluice.delivery.DeliveryDecision.CommandEffect;
import dev.sluice.delivery.Outstanding;
import dev.sluice.delivery.stage.DeliveryInput.FaultyRecordException;
import dev.sluice.delivery.stage.DeliveryObserver.IgnoredCommand;
import dev.sluice.event.codec.UnknownSchemaWait;
import dev.sluice.streams.CommitHook;
import dev.sluice.streams.IdleCommits;
import dev.sluice.streams.OutageRetry;
import java.time.Duration;
import java.util.Set;
import java.util.function.Function;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.streams.processor.Cancellable;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.jspecify.annotations.Nullable;

/**
 * The delivery stage in a topology: reads commands and results, lets the {@link DeliveryDecider}
 * decide, stores what is outstanding, and publishes each change once for a commit. Its input is the
 * topics' bytes, so that a record that nobody can read stops nothing.
 *
 * @param topics names of the public topics
 * @param decider the configured rules of decisions
 * @param deserializer makes a task's deserializers to generated records
 * @param unknownSchemas decides how long a schema missing from the registry is waited for
 * @param partitions returns the number of partitions of the topic of commands
 * @param typeNames returns the name under which a type of sources is counted
 * @param observer the listener for every outcome
 * @param outageRetry waits while a record cannot be read
 * @param output the child node that takes the deliveries
 * @param storeKind makes a store's supplier from its name
 * @param idleCommits requests commits at rest
 */
public record DeliveryStage(
    Topics topics,
    DeliveryDecider decider,
    Supplier<Deserializer<?>> deserializer,
    UnknownSchemaWait unknownSchemas,
    IntSupplier partitions,
    UnaryOperator<String> typeNames,
    DeliveryObserver observer,
    OutageRetry outageRetry,
    String output,
    Function<String, KeyValueBytesStoreSupplier> storeKind,
    IdleCommits idleCommits)
    implements ProcessorSupplier<byte[], byte[], String, Object> {

  /** Interval between two portions of the work that time causes. */
  private static final Duration TICK = Duration.ofMillis(100);

  /** Shortest time between the beginnings of two rounds for overdue commands. */
  private static final long ROUND_MS = 1_000;

  /**
   * Time for which a new task that has something to read looks for no overdue commands: their
   * results may wait to be read, for example after a stop.
   */
  private static final long CATCH_UP_MS = 30_000;

  /** Results that a portion drops. */
  private static final int UNMATCHED_PORTION = 2_000;

  @Override
  public Set<StoreBuilder<?>> stores() {
    return DeliveryStores.builders(storeKind);
  }

  @Override
  public Processor<byte[], byte[], String, Object> get() {
    return new Stage();
  }

  @SuppressWarnings("NullAway.Init") // init comes first
  private final class Stage implements Processor<byte[], byte[], String, Object> {
    private ProcessorContext<String, Object> context;
    private IdleCommits.Task idle;
    private DeliveryInput in;
    private DeliveryStatistics statistics;
    private DeliveryCounter counter;
    private OutstandingIndex index;
    private EarlyResults earlyResults;
    private UncommittedDeliveries uncommitted;
    private Cancellable ticking;
    private int partition;
    private long openedMs;
    private long roundMs;
    private boolean caughtUp;
    private boolean open;

    @Override
    public void init(ProcessorContext<String, Object> context) {
      this.context = context;
      idle = idleCommits.task(context);
      partition = context.taskId().partition();
      KeyValueStore<String, StoredDelivery> outstanding =
          context.getStateStore(DeliveryStores.OUTSTANDING);
      KeyValueStore<String, byte[]> byTime = context.getStateStore(DeliveryStores.BY_TIME);
      KeyValueStore<String, StoredResult> early = context.getStateStore(DeliveryStores.EARLY);
      KeyValueStore<String, byte[]> earlyByTime =
          context.getStateStore(DeliveryStores.EARLY_BY_TIME);
      CommitHook hook = context.getStateStore(DeliveryStores.COMMIT);
      in = new DeliveryInput(topics, deserializer, unknownSchemas, partitions);
      statistics = new DeliveryStatistics(typeNames);
      counter = new DeliveryCounter(outstanding, statistics);
      index = new OutstandingIndex(byTime, typeNames);
      earlyResults = new EarlyResults(early, earlyByTime);
      uncommitted =
          new UncommittedDeliveries(outstanding, index, earlyResults, counter, this::publish);
      hook.set(context, uncommitted::write);
      openedMs = context.currentSystemTimeMs();
      roundMs = openedMs - ROUND_MS;
      caughtUp = false;
      ticking = context.schedule(TICK, PunctuationType.WALL_CLOCK_TIME, this::tick);
      observer.opened(partition, statistics);
      open = true;
    }

    @Override
    public void process(Record<byte[], byte[]> input) {
      var at = context.recordMetadata().orElse(null);
      if (at != null && at.topic().equals(topics.accessResults())) {
        result(input, at);
      } else {
        command(input, at);
      }
      idle.processed(at);
    }

    private void command(Record<byte[], byte[]> input, @Nullable RecordMetadata at) {
      try {
        var command = read(() -> in.command(input, partition));
        var pair = uncommitted.pair(command.key());
        var decision =
            decider.command(
                pair.outstanding(), pair.early(), command, context.currentSystemTimeMs());
        pair.set(decision.outstanding(), decision.early());
        if (decision.effect() == CommandEffect.APPLIED) {
          observer.commanded(command.action());
        } else {
          observer.ignored(IgnoredCommand.valueOf(decision.effect().name()));
        }
        count(decision);
      } catch (FaultyRecordException e) {
        observer.ignored(e.fault().ofCommand());
        observer.faulty("command: " + e.getMessage(), place(at));
      }
    }

    private void result(Record<byte[], byte[]> input, @Nullable RecordMetadata at) {
      try {
        var nowMs = context.currentSystemTimeMs();
        var result = read(() -> in.result(input, partition));
        if (result.isFromFuture(nowMs)) {
          observer.counted(CountedResult.FUTURE);
          result = result.at(nowMs);
        }
        var pair = uncommitted.pair(result.key());
        var decision = decider.result(pair.outstanding(), pair.early(), result, nowMs);
        pair.set(decision.outstanding(), decision.early());
        count(decision);
      } catch (FaultyRecordException e) {
        observer.counted(e.fault().ofResult());
        observer.faulty("result: " + e.getMessage(), place(at));
      }
    }

    private void count(DeliveryDecision decision) {
      decision.counted().forEach(observer::counted);
      var action = decision.confirmed();
      var afterMs = decision.confirmedAfterMs();
      if (action != null && afterMs != null) {
        observer.confirmed(action, afterMs);
      }
    }

    private <T> T read(Reading<T> reading) throws FaultyRecordException {
      for (int tries = 1; ; tries++) {
        try {
          return reading.read();
        } catch (RuntimeException outage) {
          if (!outageRetry.waitFor(tries, outage)) {
            throw outage;
          }
        }
      }
    }

    private static String place(@Nullable RecordMetadata at) {
      return at == null
          ? "a record"
          : "%s partition %d offset %d".formatted(at.topic(), at.partition(), at.offset());
    }

    private void tick(long nowMs) {
      counter.count();
      dropUnmatched(nowMs);
      if (!isCaughtUp(nowMs)) {
        return;
      }
      if (!index.isInRound() && Math.abs(nowMs - roundMs) >= ROUND_MS) {
        roundMs = nowMs;
        index.begin();
      }
      var oldest = index.work(nowMs, decider.deadlines(), key -> markOverdue(key, nowMs));
      if (oldest != null) {
        statistics.oldest(oldest);
      }
    }

    private boolean isCaughtUp(long nowMs) {
      caughtUp = caughtUp || Math.abs(nowMs - openedMs) >= CATCH_UP_MS || idle.isIdle();
      return caughtUp;
    }

    private void markOverdue(String key, long nowMs) {
      var pair = uncommitted.pair(key);
      var outstanding = pair.outstanding();
      var overdue = outstanding == null ? null : decider.overdue(outstanding, nowMs);
      if (overdue != null) {
        pair.set(overdue, pair.early());
      }
    }

    private void dropUnmatched(long nowMs) {
      for (var key : earlyResults.readUntil(nowMs - decider.holdMs(), UNMATCHED_PORTION)) {
        var pair = uncommitted.pair(key);
        var early = pair.early();
        if (early != null && decider.isUnmatched(early, nowMs)) {
          pair.set(pair.outstanding(), null);
          observer.counted(CountedResult.UNMATCHED);
        }
      }
    }

    private void publish(String key, @Nullable Outstanding outstanding) {
      context.forward(
          new Record<>(
              key,
              outstanding == null ? null : DeliveryAvro.delivery(outstanding),
              context.currentSystemTimeMs()),
          output);
    }

    @Override
    public void close() {
      if (open) { // else init failed
        open = false;
        // Streams may call init again on the same object, which then keeps its old schedules.
        ticking.cancel();
        idle.close();
        observer.closed(partition, statistics);
        in.close();
      }
    }
  }

  /** Reads a record, or says why it changes nothing. */
  @FunctionalInterface
  private interface Reading<T> {
    T read() throws FaultyRecordException;
  }
}
