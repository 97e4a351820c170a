package dev.sluice.worker;

import dev.sluice.config.SluiceConfig;
import dev.sluice.config.StateStore;
import dev.sluice.config.WorkerKeys;
import dev.sluice.failure.BackoffOutageRetry;
import dev.sluice.failure.FailureHandler;
import dev.sluice.failure.RetryingSerializer;
import dev.sluice.folder.StateFolder;
import dev.sluice.offsets.GroupOffsetsClient;
import dev.sluice.operator.OperatorException;
import dev.sluice.startup.ClusterMonitor;
import dev.sluice.startup.ClusterPreconditions;
import dev.sluice.startup.TopicIdentityStore;
import dev.sluice.streams.IdleCommits;
import dev.sluice.streams.OutageRetry;
import dev.sluice.streams.PolledRecordsInterceptor;
import dev.sluice.streams.RocksDbMemory;
import dev.sluice.streams.WorkerObserver;
import dev.sluice.topology.ContractSerdes;
import dev.sluice.topology.PerThreadSerializer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.streams.KafkaClientSupplier;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KafkaStreams.State;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.ThreadMetadata;
import org.apache.kafka.streams.Topology;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * A Kafka Streams application of this process, and all that it needs to live: its state folder, its
 * clients, the handling of failures, the monitor of the cluster, and its end.
 */
final class StreamsProcess implements AutoCloseable {

  /** Keys of a stream thread's interceptors, the most special first. */
  private static final List<String> INTERCEPTOR_KEYS =
      List.of(
          StreamsConfig.mainConsumerPrefix(ConsumerConfig.INTERCEPTOR_CLASSES_CONFIG),
          StreamsConfig.consumerPrefix(ConsumerConfig.INTERCEPTOR_CLASSES_CONFIG),
          ConsumerConfig.INTERCEPTOR_CLASSES_CONFIG);

  private final SluiceConfig config;
  private final String name;
  private final Logger log;
  private final @Nullable StateFolder stateFolder;
  private final WorkerObserver observer;
  private final ContractSerdes serdes;
  private final PerThreadSerializer serializer;
  private final FailureHandler failureHandler;
  private final BackoffOutageRetry outageRetry;
  private final IdleCommits idleCommits;
  private final RestoreProgress restoreProgress;
  private final CountDownLatch running = new CountDownLatch(1);
  private final CountDownLatch ended = new CountDownLatch(1);
  private Runnable whenBroken = () -> {};
  private volatile Consumer<Throwable> whenFailed = error -> {};

  /** Null until {@link #open}. */
  private @Nullable KafkaStreams opened;

  /** The client of everything in this process that asks Kafka, except Streams itself. */
  private @Nullable Admin client;

  private volatile @Nullable ClusterMonitor clusterMonitor;
  private boolean closed;

  /**
   * Creates what a topology needs; {@link #open} follows.
   *
   * @param name its name in messages
   * @param log its owner's log
   * @param stateFolder its folder, which is closed with it; null for state in memory
   */
  StreamsProcess(
      SluiceConfig config,
      String name,
      Logger log,
      @Nullable StateFolder stateFolder,
      WorkerObserver observer) {
    this.config = config;
    this.name = name;
    this.log = log;
    this.stateFolder = stateFolder;
    this.observer = observer;
    failureHandler =
        new FailureHandler(
            System::currentTimeMillis,
            Thread::sleep,
            config.dataDir().toAbsolutePath().normalize().toString(),
            this::diagnose,
            this::ended);
    outageRetry = new BackoffOutageRetry(config.maxPollInterval(), System::nanoTime, Thread::sleep);
    serdes = new ContractSerdes(config);
    // Created once only to find errors now.
    serdes.deserializer().close();
    serdes.serializer().close();
    serializer =
        new PerThreadSerializer(() -> new RetryingSerializer(serdes.serializer(), outageRetry));
    idleCommits = idleCommits(config);
    restoreProgress = new RestoreProgress(observer, new RestoreLog());
  }

  /** Opens the folder of the state; null for state in memory. */
  static @Nullable StateFolder folder(SluiceConfig config) {
    if (config.get(WorkerKeys.STATE_STORE) == StateStore.MEMORY) {
      return null;
    }
    return StateFolder.open(config);
  }

  private static IdleCommits idleCommits(SluiceConfig config) {
    var every = config.get(WorkerKeys.COMMIT_IDLE);
    return every.compareTo(config.get(WorkerKeys.COMMIT_INTERVAL)) > 0
        ? IdleCommits.NONE
        : new IdleCommits(every, System::nanoTime);
  }

  /** Returns the makers of serializers and deserializers. */
  ContractSerdes serdes() {
    return serdes;
  }

  /** Returns the serializer of the contract's records; it is closed with this. */
  PerThreadSerializer serializer() {
    return serializer;
  }

  OutageRetry outageRetry() {
    return outageRetry;
  }

  IdleCommits idleCommits() {
    return idleCommits;
  }

  /** Creates the clients; starts nothing. */
  void open(Topology topology, KafkaClientSupplier clients) {
    var streams = new KafkaStreams(topology, properties(), clients);
    opened = streams;
    streams.setUncaughtExceptionHandler(failureHandler);
    streams.setStateListener(this::changed);
    streams.setGlobalStateRestoreListener(restoreProgress);
    streams.setStandbyUpdateListener(new RestoreLog());
    client = Admin.create(config.clientConfig());
  }

  private Properties properties() {
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

  /** Returns the client of everything that asks Kafka, except Streams itself. */
  Admin admin() {
    return Objects.requireNonNull(client, "not open");
  }

  /** Returns Streams itself; callers must not start or close it. */
  KafkaStreams streams() {
    return Objects.requireNonNull(opened, "not open");
  }

  /**
   * Starts the threads, and the monitor of what they need.
   *
   * @param checks what it needs, which has been checked
   * @param known identities of the topics
   */
  void start(ClusterPreconditions checks, TopicIdentityStore known) {
    clusterMonitor =
        new ClusterMonitor(admin(), config, checks, known, stateFolder, this::hasWork, this::fail);
    if (stateFolder != null) {
      stateFolder.begin();
    }
    streams().start();
  }

  /** Sets what runs when an error damaged the process. */
  void whenBroken(Runnable action) {
    whenBroken = action;
  }

  /** Sets what receives the error that ended it, if one did. */
  void whenFailed(Consumer<Throwable> receiver) {
    whenFailed = receiver;
    var fatal = failureHandler.fatal();
    if (fatal != null) {
      receiver.accept(fatal);
    }
  }

  private void ended() {
    var fatal = failureHandler.fatal();
    if (fatal != null) {
      whenFailed.accept(fatal);
    }
    if (failureHandler.isBroken()) {
      whenBroken.run();
    }
    running.countDown();
    ended.countDown();
  }

  /** Returns whether a thread has an assignment, or there is nothing to wait for. */
  private boolean hasWork() {
    var of = threads();
    return streams().state() != State.REBALANCING
        || of.isEmpty()
        || of.stream().anyMatch(t -> !t.activeTasks().isEmpty() || !t.standbyTasks().isEmpty());
  }

  /** Returns a possible cause of an unexpected error. */
  private @Nullable String diagnose() {
    var monitor = clusterMonitor;
    return monitor == null ? null : monitor.diagnose();
  }

  private void changed(State now, State before) {
    log.debug("{} after {}", now, before);
    observer.changed(now);
    if (now == State.RUNNING) {
      if (running.getCount() > 0) {
        log.info(
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
   * @throws OperatorException if it failed, or does not run in time
   */
  void awaitRunning(Duration timeout) throws InterruptedException {
    if (!running.await(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new OperatorException(name + " is not running after " + timeout.toSeconds() + " s");
    }
    failIfEnded();
  }

  /**
   * Waits until it ends.
   *
   * @throws OperatorException if it did not end by a close
   */
  void awaitEnd() throws InterruptedException {
    ended.await();
    failIfEnded();
  }

  /**
   * Does nothing while it lives.
   *
   * @throws OperatorException if it has ended
   */
  void failIfEnded() {
    var fatal = failureHandler.fatal();
    if (fatal != null) {
      throw new OperatorException(
          name + " stopped: " + FailureHandler.messages(fatal) + FailureHandler.remedy(fatal),
          fatal);
    }
    if (streams().state() == State.ERROR) {
      throw new OperatorException(name + " stopped; earlier log lines have the reason");
    }
  }

  /** Returns the current status. */
  WorkerStatus status() {
    var restoring = restoreProgress.progress();
    var fatal = failureHandler.fatal();
    return new WorkerStatus(
        streams().state(),
        threads().stream()
            .map(
                t ->
                    new WorkerStatus.Thread(
                        t.threadState(), t.activeTasks().size(), t.standbyTasks().size()))
            .toList(),
        restoring.stores(),
        restoring.recordsLeft(),
        PollAge.sinceLastSeconds(streams().metrics()),
        outageRetry.waiting(),
        fatal == null ? null : FailureHandler.messages(fatal),
        failureHandler.unsettled());
  }

  /** Returns the partitions of the active tasks, as Streams reports them. */
  Set<TopicPartition> inputs() {
    return threads().stream()
        .flatMap(thread -> thread.activeTasks().stream())
        .flatMap(task -> task.topicPartitions().stream())
        .collect(Collectors.toSet());
  }

  private Set<ThreadMetadata> threads() {
    try {
      return streams().metadataForLocalThreads();
    } catch (IllegalStateException e) {
      return Set.of(); // not started, or already closed
    }
  }

  /** Returns a client for the group's offsets and lag; it fails once this is closed. */
  GroupOffsetsClient offsets() {
    return GroupOffsetsClient.forMeasurements(admin(), config.applicationId());
  }

  /** Ends it because something that it needs is gone. */
  void fail(Throwable error) {
    failureHandler.fail(error);
  }

  /** Returns whether an error damaged the process, which then must do nothing more. */
  boolean isBroken() {
    return failureHandler.isBroken();
  }

  @Override
  public void close() {
    close(() -> {});
  }

  /**
   * Commits, hands its work to the others of the group, and stops; logs a stop that takes too long.
   * A static member keeps its work: the group expects it back within the session timeout.
   *
   * @param whenClean runs after a stop in good order, before the folder is released
   */
  synchronized void close(Runnable whenClean) {
    if (closed) {
      return;
    }
    closed = true;
    outageRetry.stop();
    var monitor = clusterMonitor;
    if (monitor != null) {
      monitor.close();
    }
    var clean = opened == null || close(opened);
    ended.countDown();
    if (clean) {
      serializer.closeAll();
    } else {
      // The threads still run, and would fail without a serializer.
      log.warn(
          "not all threads stopped within {} ms; the next start repeats their uncommitted"
              + " work",
          config.get(WorkerKeys.SHUTDOWN_TIMEOUT).toMillis());
    }
    if (stateFolder != null) {
      if (clean) {
        whenClean.run();
      }
      stateFolder.close(clean);
    }
    if (client != null) {
      client.close(Duration.ZERO);
    }
  }

  private boolean close(KafkaStreams streams) {
    return streams.close(
        CloseOptions.timeout(config.get(WorkerKeys.SHUTDOWN_TIMEOUT))
            .withGroupMembershipOperation(
                config.isStaticMember()
                    ? GroupMembershipOperation.REMAIN_IN_GROUP
                    : GroupMembershipOperation.LEAVE_GROUP));
  }
}
