package dev.sluice.worker;

import dev.sluice.access.command.CommandPath;
import dev.sluice.config.SluiceConfig;
import dev.sluice.contract.Topics;
import dev.sluice.delivery.stage.DeliveryObserver;
import dev.sluice.delivery.stage.DeliveryStatistics;
import dev.sluice.folder.StateFolder;
import dev.sluice.limits.LabelLimiter;
import dev.sluice.offsets.GroupOffsetsClient;
import dev.sluice.operator.OperatorException;
import dev.sluice.startup.DeliveryPreconditions;
import dev.sluice.startup.RegistrySetup;
import dev.sluice.startup.StartPreconditions;
import dev.sluice.streams.TransactionStatistics;
import dev.sluice.streams.WorkerObserver;
import dev.sluice.topology.DeliveryTopology;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.KafkaStreams;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running delivery application, in a process of its own or in a worker's. Those with the same
 * application.id share the work.
 */
public final class Delivery implements Monitored, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Delivery.class);

  private final SluiceConfig worker;
  private final SluiceConfig config;
  private final @Nullable StateFolder stateFolder;
  private final DeliveryFaultLog faultLog;
  private final StreamsProcess process;
  private final OpenPartitions open = new OpenPartitions();
  private final TransactionStatistics transactionStatistics;

  /** Number of partitions of access-commands; known once the topics exist. */
  private final AtomicInteger partitions = new AtomicInteger();

  /**
   * Listeners of a delivery application.
   *
   * @param delivery listener for commands and results
   * @param process listener for transactions, restores and states
   * @param typeNames returns the name under which a type of sources is counted, one of few
   */
  public record Listeners(
      DeliveryObserver delivery, WorkerObserver process, UnaryOperator<String> typeNames) {

    /** No listener. */
    public static final Listeners NONE =
        new Listeners(
            DeliveryObserver.NONE,
            WorkerObserver.NONE,
            new LabelLimiter(LabelLimiter.SOURCE_TYPES_MAX)::of);

    /** Returns these listeners and one more. */
    public Listeners and(DeliveryObserver more) {
      return new Listeners(DeliveryObserver.all(List.of(delivery, more)), process, typeNames);
    }
  }

  private Delivery(
      SluiceConfig worker,
      SluiceConfig config,
      Listeners listeners,
      @Nullable StateFolder stateFolder) {
    this.worker = worker;
    this.config = config;
    this.stateFolder = stateFolder;
    transactionStatistics = new TransactionStatistics(listeners.process());
    process = new StreamsProcess(config, "delivery", LOG, stateFolder, listeners.process());
    faultLog = DeliveryFaultLog.begun();
    var topics = new Topics(config.topicPrefix());
    var topology =
        DeliveryTopology.of(
            config,
            process.serdes(),
            process.serializer(),
            DeliveryObserver.all(List.of(new Opened(topics), faultLog, listeners.delivery())),
            listeners.typeNames(),
            process.outageRetry(),
            partitions::get,
            process.idleCommits());
    process.open(
        topology,
        CommandPath.of(false, topics.accessDelivery(), process.serializer(), transactionStatistics)
            .clients());
  }

  /** Notes the partitions of open tasks. */
  private final class Opened implements DeliveryObserver {
    private final Topics topics;

    Opened(Topics topics) {
      this.topics = topics;
    }

    @Override
    public void opened(int partition, DeliveryStatistics statistics) {
      open.opened(topics.accessCommands(), partition);
      open.opened(topics.accessResults(), partition);
    }

    @Override
    public void closed(int partition, DeliveryStatistics statistics) {
      open.closed(topics.accessCommands(), partition);
      open.closed(topics.accessResults(), partition);
    }
  }

  /**
   * Creates missing topics and starts; does not wait until it runs.
   *
   * @param worker the settings as they are given
   * @throws OperatorException if it cannot run in its environment
   */
  public static Delivery start(SluiceConfig worker, Listeners listeners) {
    var config = worker.forDelivery();
    var stateFolder = StreamsProcess.folder(config);
    Delivery delivery;
    try {
      delivery = new Delivery(worker, config, listeners, stateFolder);
    } catch (RuntimeException e) {
      if (stateFolder != null) {
        stateFolder.close(true);
      }
      throw StartPreconditions.startException(config, e);
    }
    try {
      delivery.begin();
    } catch (RuntimeException e) {
      delivery.close();
      throw StartPreconditions.startException(config, e);
    }
    return delivery;
  }

  private void begin() {
    var checks = new DeliveryPreconditions(process.admin(), worker);
    var known = checks.known(stateFolder == null ? null : stateFolder.path());
    checks.requireAll(known);
    partitions.set(checks.partitions());
    RegistrySetup.ensureDelivery(config).log(LOG);
    process.start(checks, known);
  }

  /**
   * Waits until all state is restored and all threads run.
   *
   * @throws OperatorException if it failed, or does not run in time
   */
  public void awaitRunning(Duration timeout) throws InterruptedException {
    process.awaitRunning(timeout);
  }

  /**
   * Waits until it ends.
   *
   * @throws OperatorException if it did not end by a close
   */
  public void awaitEnd() throws InterruptedException {
    process.awaitEnd();
  }

  /**
   * Does nothing while it lives.
   *
   * @throws OperatorException if it has ended
   */
  public void failIfEnded() {
    process.failIfEnded();
  }

  @Override
  public WorkerStatus status() {
    return process.status();
  }

  @Override
  public Set<TopicPartition> inputs() {
    return Stream.concat(open.now().stream(), process.inputs().stream())
        .collect(Collectors.toSet());
  }

  @Override
  public GroupOffsetsClient offsets() {
    return process.offsets();
  }

  /** Sets what receives the error that ended it, if one did; perhaps more than once. */
  public void whenFailed(Consumer<Throwable> receiver) {
    process.whenFailed(receiver);
  }

  /** Returns its own settings. */
  public SluiceConfig config() {
    return config;
  }

  /** Returns the number of partitions of access-commands. */
  public int partitions() {
    return partitions.get();
  }

  /** Returns the underlying Streams client for measurements; callers must not start or close it. */
  public KafkaStreams streams() {
    return process.streams();
  }

  /** Returns statistics of its transactions. */
  public TransactionStatistics transactions() {
    return transactionStatistics;
  }

  /** Ends it because something that it needs is gone. */
  public void fail(Throwable error) {
    process.fail(error);
  }

  /** Returns whether an error damaged the process, which then must do nothing more. */
  public boolean isBroken() {
    return process.isBroken();
  }

  /** Commits, hands its work to the others of the group, and stops. */
  @Override
  public void close() {
    process.close();
    faultLog.close();
  }
}
