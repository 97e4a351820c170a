package dev.sluice.worker;

import dev.sluice.access.command.CommandPath;
import dev.sluice.config.SluiceConfig;
import dev.sluice.config.StateStore;
import dev.sluice.config.WorkerKeys;
import dev.sluice.contract.Topics;
import dev.sluice.failure.BackoffOutageRetry;
import dev.sluice.failure.FailureHandler;
import dev.sluice.failure.RetryingSerializer;
import dev.sluice.folder.StateFolder;
import dev.sluice.offsets.GroupOffsetsClient;
import dev.sluice.operator.OperatorException;
import dev.sluice.product.stage.EventObserver;
import dev.sluice.startup.ClusterMonitor;
import dev.sluice.startup.InternalTopics;
import dev.sluice.startup.RegistrySetup;
import dev.sluice.startup.StartPreconditions;
import dev.sluice.streams.IdleCommits;
import dev.sluice.streams.PolledRecordsInterceptor;
import dev.sluice.streams.RocksDbMemory;
import dev.sluice.streams.TransactionStatistics;
import dev.sluice.topology.ContractSerdes;
import dev.sluice.topology.Observers;
import dev.sluice.topology.PerThreadSerializer;
import dev.sluice.topology.WorkerTopology;
import dev.sluice.update.UpdatesTopic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KafkaStreams.State;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.ThreadMetadata;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running worker. Workers with the same application.id share the work. */
public final class Worker implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Worker.class);

  private final SluiceConfig config;
  private final InternalTopics internalTopics;
  private final @Nullable StateFolder stateFolder;
  private final KafkaStreams streams;

  /** The client of everything in this process that asks Kafka, except Streams itself. */
  private final Admin admin;

  private final PerThreadSerializer serializer;
  private final FailureHandler failureHandler;
  private final AssignedPartitions assigned;
  private final LastRecords lastRecords;

  /** Number of partitions of product-events; known once the topics exist. */
  private final AtomicInteger eventPartitions = new AtomicInteger();

  /** Number of partitions of user-events; known once the topics exist. */
  private final AtomicInteger userEventPartitions = new AtomicInteger();

  private final Observers observers;
  private final TransactionStatistics transactionStatistics;
  private final RestoreProgress restoreProgress;
  private final BackoffOutageRetry outageRetry;
  private final CountDownLatch running = new CountDownLatch(1);
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile @Nullable ClusterMonitor clusterMonitor;
  private boolean closed;

  /** Keys of a stream thread's interceptors, the most special first. */
  private static final List<String> INTERCEPTOR_KEYS =
      List.of(
          StreamsConfig.mainConsumerPrefix(ConsumerConfig.INTERCEPTOR_CLASSES_CONFIG),
          StreamsConfig.consumerPrefix(ConsumerConfig.INTERCEPTOR_CLASSES_CONFIG),
          ConsumerConfig.INTERCEPTOR_CLASSES_CONFIG);

  private Worker(SluiceConfig config, Observers observers, @Nullable StateFolder stateFolder) {
    this.config = config;
    var topics = new Topics(config.topicPrefix());
    assigned =
        new AssignedPartitions(
            topics.productEvents(), topics.userEvents(), UpdatesTopic.of(config.applicationId()));
    lastRecords = new LastRecords(config.get(WorkerKeys.THREADS), System::currentTimeMillis);
    this.observers = lastRecords.behind(assigned.behind(observers));
    this.stateFolder = stateFolder;
    transactionStatistics = new TransactionStatistics(observers.worker());
    failureHandler =
        new FailureHandler(
            System::currentTimeMillis,
            Thread::sleep,
            config.dataDir().toAbsolutePath().normalize().toString(),
            this::diagnose,
            this::ended);
    outageRetry = new BackoffOutageRetry(config.maxPollInterval(), System::nanoTime, Thread::sleep);
    var serdes = new ContractSerdes(config);
    // Created once only to find errors now.
    serdes.deserializer().close();
    serdes.serializer().close();
    serializer =
        new PerThreadSerializer(() -> new RetryingSerializer(serdes.serializer(), outageRetry));
    var commandPath =
        CommandPath.of(
            config.get(WorkerKeys.COMMANDS_DIRECT_SEND),
            topics.accessCommands(),
            serializer,
            transactionStatistics);
    var idleCommits = idleCommits(config);
    var topology =
        WorkerTopology.of(
            config,
            serdes,
            serializer,
            commandPath.directSend(),
            this.observers,
            outageRetry,
            eventPartitions::get,
            userEventPartitions::get,
            idleCommits);
    internalTopics = InternalTopics.of(topology.describe(), config);
    streams = new KafkaStreams(topology, properties(config, idleCommits), commandPath.clients());
    streams.setUncaughtExceptionHandler(failureHandler);
    streams.setStateListener(this::changed);
    var log = new RestoreLog();
    restoreProgress = new RestoreProgress(observers.worker(), log);
    streams.setGlobalStateRestoreListener(restoreProgress);
    streams.setStandbyUpdateListener(log);
    admin = Admin.create(config.clientConfig());
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
    var stateFolder = folder(config);
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

  private static @Nullable StateFolder folder(SluiceConfig config) {
    if (config.get(WorkerKeys.STATE_STORE) == StateStore.MEMORY) {
      return null;
    }
    return StateFolder.open(config);
  }

  private void begin() {
    var known = internalTopics.known(config, stateFolder == null ? null : stateFolder.path());
    var checks = new StartPreconditions(admin, config, internalTopics);
    checks.requireAll(known);
    eventPartitions.set(checks.eventPartitions());
    userEventPartitions.set(checks.userEventPartitions());
    RegistrySetup.ensure(config).log(LOG);
    LOG.info(
        config.get(WorkerKeys.COMMANDS_DIRECT_SEND)
            ? "commands.direct.send is true: commands go straight into the open transaction"
            : "commands.direct.send is false: every command goes through Streams' own sink");
    clusterMonitor =
        new ClusterMonitor(
            admin,
            config,
            internalTopics,
            known,
            checks.hasSeenAllRights(),
            stateFolder,
            this::hasWork,
            this::fail);
    if (stateFolder != null) {
      stateFolder.begin();
      lastRecords.keepIn(stateFolder.path());
    }
    streams.start();
  }

  private static IdleCommits idleCommits(SluiceConfig config) {
    var every = config.get(WorkerKeys.COMMIT_IDLE);
    return every.compareTo(config.get(WorkerKeys.COMMIT_INTERVAL)) > 0
        ? IdleCommits.NONE
        : new IdleCommits(every, System::nanoTime);
  }

  private static Properties properties(SluiceConfig config, IdleCommits idleCommits) {
    var properties = config.streamsConfig();
    var interceptors = new ArrayList<String>(List.of(PolledRecordsInterceptor.class.getName()));
    for (var key : INTERCEPTOR_KEYS) { // an operator's own stay
      if (properties.get(key) != null) {
        interceptors.add(properties.get(key).toString());
        break;
      }
    }
    properties.put(INTERCEPTOR_KEYS.getFirst(), String.join(",", interceptors));
    properties.put(PolledRecordsInterceptor.IDLE_COMMITS, idleCommits);
    properties.putIfAbsent(
        StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, RocksDbMemory.class.getName());
    properties.put(RocksDbMemory.BYTES_CONFIG, config.get(WorkerKeys.STATE_MEMORY_BYTES));
    return properties;
  }

  private void ended() {
    if (failureHandler.isBroken()) {
      LOG.error(
          "the records last given to the stream threads: {}; see docs/runbook.md, section"
              + " Exit status 3",
          lastRecords.text());
    }
    running.countDown();
    ended.countDown();
  }

  /** Returns whether a thread has an assignment, or there is nothing to wait for. */
  private boolean hasWork() {
    var of = threads();
    return streams.state() != State.REBALANCING
        || of.isEmpty()
        || of.stream().anyMatch(t -> !t.activeTasks().isEmpty() || !t.standbyTasks().isEmpty());
  }

  /** Returns a possible cause of an unexpected error. */
  private @Nullable String diagnose() {
    var monitor = clusterMonitor;
    return monitor == null ? null : monitor.diagnose();
  }

  private void changed(State now, State before) {
    LOG.debug("{} after {}", now, before);
    observers.worker().changed(now);
    if (now == State.RUNNING) {
      if (running.getCount() > 0) {
        LOG.info(
            "running: {} threads, application.id {}",
            config.get(WorkerKeys.THREADS),
            config.applicationId());
      }
      running.countDown();
    }
    if (now == State.ERROR || now == State.PENDING_ERROR || now == State.NOT_RUNNING) {
      ended();
    }
  }

  /**
   * Waits until all state is restored and all threads run.
   *
   * @throws OperatorException if the worker failed, or does not run in time
   */
  public void awaitRunning(Duration timeout) throws InterruptedException {
    if (!running.await(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new OperatorException("the worker is not running after " + timeout.toSeconds() + " s");
    }
    failIfEnded();
  }

  /**
   * Waits until the worker ends.
   *
   * @throws OperatorException if it did not end by a close
   */
  public void awaitEnd() throws InterruptedException {
    ended.await();
    failIfEnded();
  }

  /**
   * Does nothing while the worker lives.
   *
   * @throws OperatorException if it has ended
   */
  public void failIfEnded() {
    var fatal = failureHandler.fatal();
    if (fatal != null) {
      throw new OperatorException(
          "the worker stopped: " + FailureHandler.messages(fatal) + FailureHandler.remedy(fatal),
          fatal);
    }
    if (streams.state() == State.ERROR) {
      throw new OperatorException("the worker stopped; earlier log lines have the reason");
    }
  }

  /** Returns the current status. */
  public WorkerStatus status() {
    var restoring = restoreProgress.progress();
    var fatal = failureHandler.fatal();
    return new WorkerStatus(
        streams.state(),
        threads().stream()
            .map(
                t ->
                    new WorkerStatus.Thread(
                        t.threadState(), t.activeTasks().size(), t.standbyTasks().size()))
            .toList(),
        restoring.stores(),
        restoring.recordsLeft(),
        PollAge.sinceLastSeconds(streams.metrics()),
        outageRetry.waiting(),
        fatal == null ? null : FailureHandler.messages(fatal),
        failureHandler.unsettled());
  }

  /** Returns the partitions that the worker reads, or will read once their state is restored. */
  public Set<TopicPartition> inputs() {
    return Stream.concat(
            assigned.now().stream(),
            threads().stream()
                .flatMap(thread -> thread.activeTasks().stream())
                .flatMap(task -> task.topicPartitions().stream()))
        .collect(Collectors.toSet());
  }

  private Set<ThreadMetadata> threads() {
    try {
      return streams.metadataForLocalThreads();
    } catch (IllegalStateException e) {
      return Set.of(); // not started, or already closed
    }
  }

  /** Returns the underlying Streams client for measurements; callers must not start or close it. */
  public KafkaStreams streams() {
    return streams;
  }

  /** Returns a client for the group's offsets and lag; it fails once the worker is closed. */
  public GroupOffsetsClient offsets() {
    return GroupOffsetsClient.forMeasurements(admin, config.applicationId());
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
    failureHandler.fail(error);
  }

  /** Returns whether an error damaged the process, which then must do nothing more. */
  public boolean isBroken() {
    return failureHandler.isBroken();
  }

  /**
   * Commits, hands its work to the other workers, and stops; logs a stop that takes too long. A
   * static member keeps its work: the group expects it back within the session timeout.
   */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    outageRetry.stop();
    var monitor = clusterMonitor;
    if (monitor != null) {
      monitor.close();
    }
    var clean =
        streams.close(
            CloseOptions.timeout(config.get(WorkerKeys.SHUTDOWN_TIMEOUT))
                .withGroupMembershipOperation(
                    config.isStaticMember()
                        ? GroupMembershipOperation.REMAIN_IN_GROUP
                        : GroupMembershipOperation.LEAVE_GROUP));
    ended.countDown();
    if (clean) {
      serializer.closeAll();
    } else {
      // The threads still run, and would fail without a serializer.
      LOG.warn(
          "not all threads stopped within {} ms; the next start repeats their uncommitted"
              + " work",
          config.get(WorkerKeys.SHUTDOWN_TIMEOUT).toMillis());
    }
    if (stateFolder != null) {
      if (clean) {
        lastRecords.forget();
      }
      stateFolder.close(clean);
    }
    admin.close(Duration.ZERO);
  }
}
