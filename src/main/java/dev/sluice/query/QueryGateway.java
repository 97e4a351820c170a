package dev.sluice.query;

import dev.sluice.config.ApiKeys;
import dev.sluice.config.KafkaKeys;
import dev.sluice.config.SluiceConfig;
import dev.sluice.config.WorkerKeys;
import dev.sluice.contract.Topics;
import dev.sluice.delivery.DeliveryFilter;
import dev.sluice.keys.EventPartitioner;
import dev.sluice.limits.SizeLimits;
import dev.sluice.offsets.GroupOffsetsClient;
import dev.sluice.product.DecisionRules;
import dev.sluice.product.EventPlacement;
import dev.sluice.query.model.DeliveryViews.OfUser;
import dev.sluice.query.shard.CallVersion;
import dev.sluice.query.shard.Deadline;
import dev.sluice.query.shard.LiveDeliveries;
import dev.sluice.query.shard.LiveShards;
import dev.sluice.query.shard.LocalDeliveries;
import dev.sluice.query.shard.LocalShards;
import dev.sluice.query.shard.OpenDeliveryTasks;
import dev.sluice.query.shard.OpenProductTasks;
import dev.sluice.query.shard.PartitionOwners;
import dev.sluice.query.shard.Scatter;
import dev.sluice.query.shard.ShardCalls;
import dev.sluice.query.shard.ShardKind;
import dev.sluice.query.shard.ShardUnavailableException;
import dev.sluice.query.shard.StreamsShards;
import dev.sluice.update.UpdatesTopic;
import dev.sluice.worker.Worker;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.streams.KafkaStreams;
import org.jspecify.annotations.Nullable;

/**
 * Runs queries on this worker and, through it, on others. Limits time, size and concurrency, so
 * that stream threads are not slowed down.
 */
public final class QueryGateway implements DeliverySource, AutoCloseable {

  /** Path at which workers call each other. */
  public static final String INTERNAL = "/internal/v1/parts";

  /** Header with the remaining time for another worker, in milliseconds. */
  public static final String TIMEOUT_HEADER = HttpForwarding.TIMEOUT_HEADER;

  /** Maximum time that a query waits for a thread. */
  private static final Duration WAIT_MAX = Duration.ofSeconds(1);

  /** Maximum size of the arguments of most calls: some ids and numbers. */
  private static final int ARGUMENTS_MAX = SizeLimits.CALL;

  /** Maximum size of a preview's arguments, which contain products. */
  private static final int PREVIEW_ARGUMENTS_MAX = SizeLimits.CALL_WITH_PRODUCT;

  private final SluiceConfig config;
  private final HttpClient client;
  private final DecisionRules decisionRules;
  private final OpenProductTasks tasks = new OpenProductTasks();
  private final QueryThreads own = new QueryThreads("question", QueryThreads.usual());

  /** A separate pool for other workers' calls, so that workers do not block each other. */
  private final QueryThreads forwarded = new QueryThreads("part", QueryThreads.usual());

  /** Threads that wait for other workers. */
  private final ExecutorService waiting = Executors.newVirtualThreadPerTaskExecutor();

  private final Scatter scatter = Scatter.on(waiting);
  private volatile @Nullable Running running;

  private final OpenDeliveryTasks deliveryTasks = new OpenDeliveryTasks();
  private volatile @Nullable RunningDelivery runningDelivery;

  private record Running(
      PartitionOwners instances, LiveShards.Layout layout, GroupOffsetsClient offsets) {}

  private record RunningDelivery(PartitionOwners instances, int partitions) {}

  /**
   * Context of a query.
   *
   * @param caller name of the caller, for a fair share of threads
   * @param authorization the caller's header; null if missing
   * @param stale whether a standby copy may answer for an unavailable partition
   */
  public record Asked(String caller, @Nullable String authorization, boolean stale) {}

  /**
   * Result of a query.
   *
   * @param value the answer; null if the object does not exist
   * @param stale whether part of the answer is from a standby copy
   */
  public record Answered<T>(@Nullable T value, boolean stale) {}

  /** Thrown if the worker cannot run a query now; the caller should repeat it. */
  public static final class BusyException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean ofCaller;

    BusyException(String message) {
      this(message, false);
    }

    private BusyException(String message, boolean ofCaller) {
      super(message);
      this.ofCaller = ofCaller;
    }

    /** Creates an exception for a query that waited only for the same caller's other queries. */
    static BusyException ofCaller(String message) {
      return new BusyException(message, true);
    }

    /**
     * Returns whether only this caller has too many queries, and other callers still have places.
     */
    public boolean isOfCaller() {
      return ofCaller;
    }
  }

  /**
   * Creates the gateway before the worker runs.
   *
   * @param client calls other workers
   */
  public QueryGateway(SluiceConfig config, HttpClient client) {
    this.config = config;
    this.client = client;
    decisionRules =
        new DecisionRules(
            EventPlacement.ANY,
            config.get(WorkerKeys.SEQUENCE_JUMP_MAX),
            config.get(WorkerKeys.SELF_APPROVAL));
  }

  /** Returns the listener to the product stage's tasks, whose statistics the overview adds up. */
  public OpenProductTasks taskListener() {
    return tasks;
  }

  /** Connects the gateway to a started worker. */
  public void serve(Worker worker) {
    running =
        new Running(
            new PartitionOwners(
                worker.streams(),
                Map.of(
                    ShardKind.PRODUCTS,
                    new Topics(config.topicPrefix()).productEvents(),
                    ShardKind.USERS,
                    UpdatesTopic.of(config.applicationId()))),
            new LiveShards.Layout(
                EventPartitioner.named(config.get(KafkaKeys.EVENTS_PARTITIONER)),
                worker.eventPartitions(),
                config.get(KafkaKeys.ACCESS_PARTITIONS)),
            worker.offsets());
  }

  /** Returns the listener to the delivery stage's tasks, whose statistics the summary adds up. */
  public OpenDeliveryTasks deliveryTaskListener() {
    return deliveryTasks;
  }

  /**
   * Connects the gateway to started delivery in this process.
   *
   * @param streams its Streams client
   * @param partitions number of partitions of access-commands
   */
  public void serveDelivery(KafkaStreams streams, int partitions) {
    runningDelivery =
        new RunningDelivery(
            new PartitionOwners(
                streams,
                Map.of(ShardKind.DELIVERIES, new Topics(config.topicPrefix()).accessCommands())),
            partitions);
  }

  /**
   * Returns the worker's client for the group's offsets.
   *
   * @throws BusyException if the worker is starting
   */
  GroupOffsetsClient offsets() {
    return running().offsets();
  }

  /**
   * Runs a query.
   *
   * @throws dev.sluice.query.shard.ShardUnavailableException if a partition is unavailable
   * @throws BusyException if the worker is busy, or the query takes too long
   */
  public <T> Answered<T> ask(Asked asked, Function<QueryService, @Nullable T> question) {
    return ask(asked, question, Function.identity());
  }

  /**
   * Runs a query and converts its answer.
   *
   * @param then converts the answer, on the query's thread
   * @throws dev.sluice.query.shard.ShardUnavailableException if a partition is unavailable
   * @throws BusyException if the worker is busy, or the query takes too long
   */
  public <T, R> R ask(
      Asked asked, Function<QueryService, @Nullable T> question, Function<Answered<T>, R> then) {
    return within(
        own,
        asked.caller(),
        WAIT_MAX,
        () -> {
          var deadline = new Deadline(config.get(ApiKeys.QUERY_TIMEOUT), System::nanoTime);
          var parts = parts(asked, deadline);
          var answer = question.apply(new QueryService(parts, scatter, decisionRules));
          return then.apply(new Answered<T>(answer, parts.isStale()));
        });
  }

  /**
   * Runs a query about outstanding commands and converts its answer.
   *
   * @param then converts the answer, on the query's thread
   * @throws dev.sluice.query.shard.ShardUnavailableException if a partition is unavailable
   * @throws BusyException if the process is busy, or the query takes too long
   */
  public <T, R> R askDelivery(
      Asked asked, Function<DeliveryQueries, @Nullable T> question, Function<Answered<T>, R> then) {
    return within(
        own,
        asked.caller(),
        WAIT_MAX,
        () -> {
          var parts = deliveries(asked, config.get(ApiKeys.QUERY_TIMEOUT));
          var answer = question.apply(deliveryQueries(parts));
          return then.apply(new Answered<T>(answer, parts.isStale()));
        });
  }

  /** {@inheritDoc} Reads on the calling thread. */
  @Override
  public OfUser ofUser(Asked asked, DeliveryFilter filter, int max, Duration timeout) {
    try {
      var page = deliveryQueries(deliveries(asked, timeout)).deliveries(filter, "", max);
      return new OfUser(page.items(), page.next() == null);
    } catch (Deadline.TooLongException e) {
      throw new BusyException(String.valueOf(e.getMessage()));
    }
  }

  private DeliveryQueries deliveryQueries(LiveDeliveries parts) {
    return new DeliveryQueries(parts, scatter, System.currentTimeMillis());
  }

  /**
   * Runs a computation for a caller on a query thread, such as parsing a large body.
   *
   * @throws BusyException if no thread becomes free in time
   */
  public <T> T compute(String caller, Supplier<T> work) {
    return within(own, caller, WAIT_MAX, work);
  }

  /**
   * Refuses a call of a worker of another version.
   *
   * @param version the header {@link CallVersion#HEADER} of the call; null if it is missing
   * @throws NoSuchElementException if there is no such stage
   * @throws dev.sluice.query.shard.ShardUnavailableException if it is another version
   */
  public static void requireVersion(String stage, int partition, @Nullable String version) {
    var known = kind(stage);
    if (!CallVersion.isCurrent(version)) {
      throw new ShardUnavailableException(
          known, partition, CallVersion.refusal("the caller", version));
    }
  }

  /** Returns the maximum size of a call's arguments, in bytes. */
  public static int argumentsMax(String call) {
    return call.equals("preview") ? PREVIEW_ARGUMENTS_MAX : ARGUMENTS_MAX;
  }

  /**
   * Answers another worker's call for a local partition.
   *
   * @param caller name of the original caller
   * @param arguments arguments of the call, as JSON
   * @throws NoSuchElementException if the part or the call does not exist
   * @throws IllegalArgumentException if the arguments do not match the call
   */
  public byte[] part(
      String caller,
      String stage,
      int partition,
      String call,
      byte[] arguments,
      boolean stale,
      Duration timeout) {
    var known = kind(stage);
    var limit = config.get(ApiKeys.QUERY_TIMEOUT);
    var deadline = new Deadline(timeout.compareTo(limit) < 0 ? timeout : limit, System::nanoTime);
    return within(
        forwarded,
        caller,
        // One query may cause a call for each partition.
        deadline.left(),
        () -> {
          var asked = new Asked(caller, null, stale);
          var instances =
              known == ShardKind.DELIVERIES ? runningDelivery().instances() : running().instances();
          var stores = shards(instances, asked, deadline).requireHere(known, partition, stale);
          return switch (known) {
            case PRODUCTS ->
                ShardCalls.answer(
                    LocalShards.products(stores, deadline, tasks.of(partition)),
                    partition,
                    call,
                    arguments);
            case USERS ->
                ShardCalls.answer(
                    LocalShards.users(stores, partition, deadline), partition, call, arguments);
            case DELIVERIES ->
                ShardCalls.answer(
                    LocalDeliveries.of(stores, deadline, deliveryTasks.of(partition)),
                    partition,
                    call,
                    arguments);
          };
        });
  }

  private static ShardKind kind(String stage) {
    return Arrays.stream(ShardKind.values())
        .filter(s -> s.what().equals(stage))
        .findFirst()
        .orElseThrow(() -> new NoSuchElementException("nothing is called " + stage));
  }

  private static <T> T within(
      QueryThreads threads, String caller, Duration wait, Supplier<T> work) {
    try {
      return threads.run(caller, wait, work);
    } catch (Deadline.TooLongException e) {
      throw new BusyException(String.valueOf(e.getMessage()));
    }
  }

  private Running running() {
    var now = running;
    if (now == null) {
      throw new BusyException("the worker is starting");
    }
    return now;
  }

  private RunningDelivery runningDelivery() {
    var now = runningDelivery;
    if (now == null) {
      throw new BusyException("delivery is starting, or does not run in this process");
    }
    return now;
  }

  private StreamsShards shards(PartitionOwners instances, Asked asked, Deadline deadline) {
    return new StreamsShards(
        instances,
        config.find(ApiKeys.ADVERTISED_ADDRESS),
        new HttpForwarding(client, config.httpScheme(), asked.authorization(), deadline),
        asked.stale());
  }

  private LiveShards parts(Asked asked, Deadline deadline) {
    var now = running();
    return new LiveShards(shards(now.instances(), asked, deadline), tasks, now.layout(), deadline);
  }

  private LiveDeliveries deliveries(Asked asked, Duration timeout) {
    var now = runningDelivery();
    var deadline = new Deadline(timeout, System::nanoTime);
    return new LiveDeliveries(
        shards(now.instances(), asked, deadline), deliveryTasks, now.partitions(), deadline);
  }

  @Override
  public void close() {
    own.close();
    forwarded.close();
    waiting.shutdownNow();
  }
}
