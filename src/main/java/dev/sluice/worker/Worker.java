package dev.sluice.worker;

import dev.sluice.access.command.CommandPath;
import dev.sluice.config.SluiceConfig;
import dev.sluice.config.WorkerKeys;
import dev.sluice.contract.Topics;
import dev.sluice.folder.StateFolder;
import dev.sluice.offsets.GroupOffsetsClient;
import dev.sluice.operator.OperatorException;
import dev.sluice.product.stage.EventObserver;
import dev.sluice.startup.InternalTopics;
import dev.sluice.startup.RegistrySetup;
import dev.sluice.startup.StartPreconditions;
import dev.sluice.streams.TransactionStatistics;
import dev.sluice.topology.Observers;
import dev.sluice.topology.WorkerTopology;
import dev.sluice.update.UpdatesTopic;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.KafkaStreams;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running worker. Workers with the same application.id share the work. */
public final class Worker implements Monitored, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Worker.class);

  private final SluiceConfig config;
  private final InternalTopics internalTopics;
  private final @Nullable StateFolder stateFolder;
  private final StreamsProcess process;
  private final AssignedPartitions assigned;
  private final LastRecords lastRecords;

  /** Number of partitions of product-events; known once the topics exist. */
  private final AtomicInteger eventPartitions = new AtomicInteger();

  /** Number of partitions of user-events; known once the topics exist. */
  private final AtomicInteger userEventPartitions = new AtomicInteger();

  private final TransactionStatistics transactionStatistics;

  private Worker(SluiceConfig config, Observers observers, @Nullable StateFolder stateFolder) {
    this.config = config;
    this.stateFolder = stateFolder;
    var topics = new Topics(config.topicPrefix());
    assigned =
        new AssignedPartitions(
            topics.productEvents(), topics.userEvents(), UpdatesTopic.of(config.applicationId()));
    lastRecords = new LastRecords(config.get(WorkerKeys.THREADS), System::currentTimeMillis);
    var all = lastRecords.behind(assigned.behind(observers));
    transactionStatistics = new TransactionStatistics(observers.worker());
    process = new StreamsProcess(config, "the worker", LOG, stateFolder, observers.worker());
    process.whenBroken(this::logLastRecords);
    var commandPath =
        CommandPath.of(
            config.get(WorkerKeys.COMMANDS_DIRECT_SEND),
            topics.accessCommands(),
            process.serializer(),
            transactionStatistics);
    var topology =
        WorkerTopology.of(
            config,
            process.serdes(),
            process.serializer(),
            commandPath.directSend(),
            all,
            process.outageRetry(),
            eventPartitions::get,
            userEventPartitions::get,
            process.idleCommits());
    internalTopics = InternalTopics.of(topology.describe(), config);
    process.open(topology, commandPath.clients());
  }

  private void logLastRecords() {
    LOG.error(
        "the records last given to the stream threads: {}; see docs/runbook.md, section"
            + " Exit status 3",
        lastRecords.text());
  }

  /**
   * Creates missing topics and starts; does not wait until the worker runs.
   *
   * @param observer receives every event's outcome, from several threads
   * @throws OperatorException if the worker cannot run in its environment
   */
  public static Worker start(SluiceConfig config, EventObserver observer) {
    return start(config, Observers.of(observer));
  }

  /**
   * Creates missing topics and starts; does not wait until the worker runs.
   *
   * @param observers receive all reports, from several threads
   * @throws OperatorException if the worker cannot run in its environment
   */
  public static Worker start(SluiceConfig config, Observers observers) {
    var stateFolder = StreamsProcess.folder(config);
    Worker worker;
    try {
      worker = new Worker(config, observers, stateFolder);
    } catch (RuntimeException e) {
      if (stateFolder != null) {
        stateFolder.close(true);
      }
      throw StartPreconditions.startException(config, e);
    }
    try {
      worker.begin();
    } catch (RuntimeException e) {
      worker.close();
      throw StartPreconditions.startException(config, e);
    }
    return worker;
  }

  private void begin() {
    var known = internalTopics.known(config, stateFolder == null ? null : stateFolder.path());
    var checks = new StartPreconditions(process.admin(), config, internalTopics);
    checks.requireAll(known);
    eventPartitions.set(checks.eventPartitions());
    userEventPartitions.set(checks.userEventPartitions());
    RegistrySetup.ensure(config).log(LOG);
    LOG.info(
        config.get(WorkerKeys.COMMANDS_DIRECT_SEND)
            ? "commands.direct.send is true: commands go straight into the open transaction"
            : "commands.direct.send is false: every command goes through Streams' own sink");
    if (stateFolder != null) {
      lastRecords.keepIn(stateFolder.path());
    }
    process.start(checks, known);
  }

  /**
   * Waits until all state is restored and all threads run.
   *
   * @throws OperatorException if the worker failed, or does not run in time
   */
  public void awaitRunning(Duration timeout) throws InterruptedException {
    process.awaitRunning(timeout);
  }

  /**
   * Waits until the worker ends.
   *
   * @throws OperatorException if it did not end by a close
   */
  public void awaitEnd() throws InterruptedException {
    process.awaitEnd();
  }

  /**
   * Does nothing while the worker lives.
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
    return Stream.concat(assigned.now().stream(), process.inputs().stream())
        .collect(Collectors.toSet());
  }

  /** Returns the underlying Streams client for measurements; callers must not start or close it. */
  public KafkaStreams streams() {
    return process.streams();
  }

  @Override
  public GroupOffsetsClient offsets() {
    return process.offsets();
  }

  /** Returns the number of partitions of product-events. */
  public int eventPartitions() {
    return eventPartitions.get();
  }

  /** Returns statistics of its transactions. */
  public TransactionStatistics transactions() {
    return transactionStatistics;
  }

  /** Ends the worker because something that it needs is gone. */
  public void fail(Throwable error) {
    process.fail(error);
  }

  /** Returns whether an error damaged the process, which then must do nothing more. */
  public boolean isBroken() {
    return process.isBroken();
  }

  /**
   * Commits, hands its work to the other workers, and stops; logs a stop that takes too long. A
   * static member keeps its work: the group expects it back within the session timeout.
   */
  @Override
  public void close() {
    process.close(lastRecords::forget);
  }
}
