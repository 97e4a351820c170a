package dev.sluice.runtime;

import dev.sluice.config.SluiceConfig;
import dev.sluice.config.StateStore;
import dev.sluice.contract.Topics;
import dev.sluice.product.EventObserver;
import dev.sluice.topology.RocksDbMemory;
import dev.sluice.topology.UpdatesTopic;
import java.time.Duration;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
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

/** One running worker. Several with the same application.id share the work. */
public final class Worker implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Worker.class);

  private final SluiceConfig config;
  private final InternalTopics internal;
  private final @Nullable StateFolder folder;
  private final KafkaStreams streams;
  private final PerThreadSerializer serializer;
  private final Trouble trouble;
  private final OpenInputs open;

  /** How many partitions product-events has; known once the topics are there. */
  private final AtomicInteger eventPartitions = new AtomicInteger();

  private final Observers observers;
  private final Transactions transactions;
  private final Restores restores;
  private final OutagePatience patience;
  private final CountDownLatch running = new CountDownLatch(1);
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile @Nullable Lookout lookout;
  private boolean closed;

  private Worker(SluiceConfig config, Observers observers, @Nullable StateFolder folder) {
    this.config = config;
    var topics = new Topics(config.topicPrefix());
    open = new OpenInputs(topics.productEvents(), UpdatesTopic.of(config.applicationId()));
    this.observers = open.before(observers);
    this.folder = folder;
    transactions = new Transactions(observers.worker());
    trouble =
        new Trouble(
            System::currentTimeMillis,
            Thread::sleep,
            config.dataDir().toAbsolutePath().normalize().toString(),
            this::diagnose,
            this::ended);
    patience = new OutagePatience(config.maxPollInterval(), System::nanoTime, Thread::sleep);
    var serdes = new ContractSerdes(config);
    // Made once for nothing but to find out now whether they can be.
    serdes.deserializer().close();
    serdes.serializer().close();
    serializer =
        new PerThreadSerializer(() -> new PatientSerializer(serdes.serializer(), patience));
    var express = new CommandExpress(topics.accessCommands(), serializer);
    var topology =
        WorkerTopology.of(
            config, serdes, serializer, express, this.observers, patience, eventPartitions::get);
    internal = InternalTopics.of(topology.describe(), config);
    streams = new KafkaStreams(topology, properties(config), new Clients(express, transactions));
    streams.setUncaughtExceptionHandler(trouble);
    streams.setStateListener(this::changed);
    var log = new RestoreLog();
    restores = new Restores(observers.worker(), log);
    streams.setGlobalStateRestoreListener(restores);
    streams.setStandbyUpdateListener(log);
  }

  /**
   * Makes what topics are missing and starts; does not wait until it runs.
   *
   * @param observer is told of every event's outcome, by several threads
   * @throws StartException when it cannot run as things are
   */
  public static Worker start(SluiceConfig config, EventObserver observer) {
    return start(config, Observers.of(observer));
  }

  /**
   * Makes what topics are missing and starts; does not wait until it runs.
   *
   * @param observers are told what it does, by several threads
   * @throws StartException when it cannot run as things are
   */
  public static Worker start(SluiceConfig config, Observers observers) {
    var folder = folder(config);
    Worker worker;
    try {
      worker = new Worker(config, observers, folder);
    } catch (RuntimeException e) {
      if (folder != null) {
        folder.close(true);
      }
      throw StartChecks.startException(config, e);
    }
    try {
      worker.begin();
    } catch (RuntimeException e) {
      worker.close();
      throw StartChecks.startException(config, e);
    }
    return worker;
  }

  private static @Nullable StateFolder folder(SluiceConfig config) {
    if (config.stateStore() == StateStore.MEMORY) {
      return null;
    }
    return StateFolder.open(config);
  }

  private void begin() {
    var known = internal.known(config, folder == null ? null : folder.path());
    boolean seenAllRights;
    try (var admin = Admin.create(config.clientConfig())) {
      var checks = new StartChecks(admin, config, internal);
      checks.requireAll(known);
      seenAllRights = checks.hasSeenAllRights();
      eventPartitions.set(checks.eventPartitions());
    }
    RegistrySetup.ensure(config).log(LOG);
    lookout =
        new Lookout(config, internal, known, seenAllRights, folder, this::hasWork, this::fail);
    if (folder != null) {
      folder.begin();
    }
    streams.start();
  }

  private static Properties properties(SluiceConfig config) {
    var properties = config.streamsConfig();
    properties.putIfAbsent(
        StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, RocksDbMemory.class.getName());
    properties.put(RocksDbMemory.BYTES_CONFIG, config.stateMemoryBytes());
    return properties;
  }

  private void ended() {
    running.countDown();
    ended.countDown();
  }

  /** Whether a thread knows which partitions are its own, or there is nothing to wait for. */
  private boolean hasWork() {
    var of = threads();
    return streams.state() != State.REBALANCING
        || of.isEmpty()
        || of.stream().anyMatch(t -> !t.activeTasks().isEmpty() || !t.standbyTasks().isEmpty());
  }

  /** What may be behind an error that nobody expected. */
  private @Nullable String diagnose() {
    var looking = lookout;
    return looking == null ? null : looking.diagnose();
  }

  private void changed(State now, State before) {
    LOG.debug("{} after {}", now, before);
    observers.worker().changed(now);
    if (now == State.RUNNING) {
      if (running.getCount() > 0) {
        LOG.info(
            "running: {} threads, application.id {}", config.threads(), config.applicationId());
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
   * @throws StartException when it failed, or does not run in time
   */
  public void awaitRunning(Duration timeout) throws InterruptedException {
    if (!running.await(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new StartException("the worker does not run after " + timeout.toSeconds() + " s");
    }
    failIfEnded();
  }

  /**
   * Waits until the worker ends.
   *
   * @throws StartException when it did not end by being closed
   */
  public void awaitEnd() throws InterruptedException {
    ended.await();
    failIfEnded();
  }

  /**
   * Does nothing while the worker lives.
   *
   * @throws StartException when it gave up
   */
  public void failIfEnded() {
    var fatal = trouble.fatal();
    if (fatal != null) {
      throw new StartException(
          "the worker stopped: " + Trouble.messages(fatal) + Trouble.remedy(fatal), fatal);
    }
    if (streams.state() == State.ERROR) {
      throw new StartException("the worker stopped; what it logged before says why");
    }
  }

  /** How it is now. */
  public Vitals vitals() {
    var restoring = restores.progress();
    var fatal = trouble.fatal();
    return new Vitals(
        streams.state(),
        threads().stream()
            .map(
                t ->
                    new Vitals.Thread(
                        t.threadState(), t.activeTasks().size(), t.standbyTasks().size()))
            .toList(),
        restoring.stores(),
        restoring.recordsLeft(),
        Polls.sinceLastSeconds(streams.metrics()),
        patience.waiting(),
        fatal == null ? null : Trouble.messages(fatal),
        trouble.unsettled());
  }

  /** The partitions that it reads its input from, or will when their state is there. */
  public Set<TopicPartition> inputs() {
    return Stream.concat(
            open.now().stream(),
            threads().stream()
                .flatMap(thread -> thread.activeTasks().stream())
                .flatMap(task -> task.topicPartitions().stream()))
        .collect(Collectors.toSet());
  }

  private Set<ThreadMetadata> threads() {
    try {
      return streams.metadataForLocalThreads();
    } catch (IllegalStateException e) {
      return Set.of(); // it has not started, or has ended
    }
  }

  /** What it is made of, for those who measure it; it is not theirs to start or to close. */
  public KafkaStreams streams() {
    return streams;
  }

  /** What its transactions come to. */
  public Transactions transactions() {
    return transactions;
  }

  /** Ends the worker because something that it lives on is gone. */
  public void fail(Throwable error) {
    trouble.fail(error);
  }

  /** Whether it ended by an error of the process itself, which then should do nothing more. */
  public boolean isBroken() {
    return trouble.isBroken();
  }

  /**
   * Commits, gives its work to the other workers, and stops; logs where that takes too long. A
   * static member keeps its work: it is expected back within the session time-out.
   */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    patience.stop();
    var looking = lookout;
    if (looking != null) {
      looking.close();
    }
    var clean =
        streams.close(
            CloseOptions.timeout(config.shutdownTimeout())
                .withGroupMembershipOperation(
                    config.isStaticMember()
                        ? GroupMembershipOperation.REMAIN_IN_GROUP
                        : GroupMembershipOperation.LEAVE_GROUP));
    ended.countDown();
    if (clean) {
      serializer.closeAll();
    } else {
      // Their threads still run, and would fail for want of a serializer.
      LOG.warn(
          "not all threads stopped within {} ms; what they had not committed is done again by the"
              + " next start",
          config.shutdownTimeout().toMillis());
    }
    if (folder != null) {
      folder.close(clean);
    }
  }
}
