package dev.sluice.query;

import dev.sluice.config.ApiKeys;
import dev.sluice.config.KafkaKeys;
import dev.sluice.config.SluiceConfig;
import dev.sluice.config.WorkerKeys;
import dev.sluice.contract.Topics;
import dev.sluice.keys.EventPartitioner;
import dev.sluice.limits.SizeLimits;
import dev.sluice.product.DecisionRules;
import dev.sluice.product.EventPlacement;
import dev.sluice.query.shard.CallVersion;
import dev.sluice.query.shard.Deadline;
import dev.sluice.query.shard.LiveShards;
import dev.sluice.query.shard.LocalShards;
import dev.sluice.query.shard.OpenProductTasks;
import dev.sluice.query.shard.PartitionOwners;
import dev.sluice.query.shard.Scatter;
import dev.sluice.query.shard.ShardCalls;
import dev.sluice.query.shard.ShardKind;
import dev.sluice.query.shard.ShardUnavailableException;
import dev.sluice.update.UpdatesTopic;
import dev.sluice.worker.Worker;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.streams.state.HostInfo;
import org.jspecify.annotations.Nullable;

/**
 * Asks the running worker, and through it the others. Bounded in time, in size and in how much goes
 * on at once, so that the worker's own threads do not suffer.
 */
public final class QueryGateway implements AutoCloseable {

  /** Where instances ask each other. */
  public static final String INTERNAL = "/internal/v1/parts";

  /** Tells another instance how long it may take, in milliseconds. */
  public static final String TIMEOUT_HEADER = HttpForwarding.TIMEOUT_HEADER;

  /** How long a question waits for a thread. */
  private static final Duration WAIT_MAX = Duration.ofSeconds(1);

  /** What most calls are given: some ids and numbers. */
  private static final int ARGUMENTS_MAX = SizeLimits.CALL;

  /** What updates would do, which carry a product each, is asked with them. */
  private static final int PREVIEW_ARGUMENTS_MAX = SizeLimits.CALL_WITH_PRODUCT;

  private static final Duration ADMIN_TIMEOUT = Duration.ofSeconds(5);

  private final SluiceConfig config;
  private final HttpClient client;
  private final DecisionRules decisionRules;
  private final OpenProductTasks tasks = new OpenProductTasks();
  private final QueryThreads own = new QueryThreads("question", QueryThreads.usual());

  /** For other instances; apart, so that instances do not wait for each other. */
  private final QueryThreads forwarded = new QueryThreads("part", QueryThreads.usual());

  /** Threads that wait for other instances. */
  private final ExecutorService waiting = Executors.newVirtualThreadPerTaskExecutor();

  private final Scatter scatter = Scatter.on(waiting);
  private volatile @Nullable Running running;

  private record Running(PartitionOwners instances, @Nullable HostInfo self) {}

  private volatile LiveShards.@Nullable Spread spread;

  /**
   * How somebody asks.
   *
   * @param caller whose question it is: callers share the threads
   * @param authorization the header that they gave; null for none
   * @param stale whether a copy that may be behind will do where the original is away
   */
  public record Asked(String caller, @Nullable String authorization, boolean stale) {}

  /**
   * What came of it.
   *
   * @param value the answer; null where there is no such thing
   * @param stale whether some of it is from a copy that may be behind
   */
  public record Answered<T>(@Nullable T value, boolean stale) {}

  /** So many ask at once that this one has to come again. */
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

    /** Makes one for a question that only the caller's own questions kept waiting. */
    static BusyException ofCaller(String message) {
      return new BusyException(message, true);
    }

    /** Whether the caller asks too much at once, and others could still ask. */
    public boolean isOfCaller() {
      return ofCaller;
    }
  }

  /**
   * Before the worker runs.
   *
   * @param client asks other instances
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

  /** Listens to the tasks of the product stage, whose statistics the overview adds up. */
  public OpenProductTasks taskListener() {
    return tasks;
  }

  /** The worker was started. */
  public void serve(Worker worker) {
    running =
        new Running(
            new PartitionOwners(
                worker.streams(),
                new Topics(config.topicPrefix()).productEvents(),
                UpdatesTopic.of(config.applicationId())),
            config.find(ApiKeys.ADVERTISED_ADDRESS));
  }

  /**
   * Asks.
   *
   * @throws dev.sluice.query.shard.ShardUnavailableException when a partition cannot be asked now
   * @throws BusyException when it cannot be worked on, or takes too long
   */
  public <T> Answered<T> ask(Asked asked, Function<QueryService, @Nullable T> question) {
    return ask(asked, question, Function.identity());
  }

  /**
   * Asks, and makes of the answer what the caller is given.
   *
   * @param then is run on the question's thread too
   * @throws dev.sluice.query.shard.ShardUnavailableException when a partition cannot be asked now
   * @throws BusyException when it cannot be worked on, or takes too long
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
   * Computes something for a caller, such as what a large body says, on a thread for questions.
   *
   * @throws BusyException when none becomes free
   */
  public <T> T compute(String caller, Supplier<T> work) {
    return within(own, caller, WAIT_MAX, work);
  }

  /**
   * Refuses a call of a worker of another version.
   *
   * @param version the header {@link CallVersion#HEADER} of the call; null where it is missing
   * @throws NoSuchElementException when there is no such stage
   * @throws dev.sluice.query.shard.ShardUnavailableException when it is another version
   */
  public static void requireVersion(String stage, int partition, @Nullable String version) {
    var known = kind(stage);
    if (!CallVersion.isCurrent(version)) {
      throw new ShardUnavailableException(
          known, partition, CallVersion.refusal("the caller", version));
    }
  }

  /** How large the arguments of a call may be, in bytes. */
  public static int argumentsMax(String call) {
    return call.equals("preview") ? PREVIEW_ARGUMENTS_MAX : ARGUMENTS_MAX;
  }

  /**
   * Answers another instance about a partition that is here.
   *
   * @param caller whose question it is
   * @param arguments of the call, as JSON
   * @throws NoSuchElementException when there is no such part or call
   * @throws IllegalArgumentException when those are not the call's arguments
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
        // One question may come as a call for each partition.
        deadline.left(),
        () -> {
          var stores =
              parts(new Asked(caller, null, stale), deadline).requireHere(known, partition, stale);
          if (known == ShardKind.PRODUCTS) {
            var shard = LocalShards.products(stores, deadline, tasks.of(partition));
            return ShardCalls.answer(shard, partition, call, arguments);
          }
          var shard = LocalShards.users(stores, partition, deadline);
          return ShardCalls.answer(shard, partition, call, arguments);
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

  private LiveShards parts(Asked asked, Deadline deadline) {
    var now = running;
    if (now == null) {
      throw new BusyException("the worker is starting");
    }
    return new LiveShards(
        now.instances(),
        tasks,
        now.self(),
        spread(),
        new HttpForwarding(client, config.httpScheme(), asked.authorization(), deadline),
        deadline,
        asked.stale());
  }

  /** Asked once: the numbers do not change while a worker runs. */
  private LiveShards.Spread spread() {
    var known = spread;
    if (known != null) {
      return known;
    }
    var topic = new Topics(config.topicPrefix()).productEvents();
    try (var admin = Admin.create(config.clientConfig())) {
      var described =
          admin
              .describeTopics(List.of(topic))
              .allTopicNames()
              .get(ADMIN_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
              .get(topic);
      if (described == null) {
        throw new BusyException("topic " + topic + " is not known yet");
      }
      var asked =
          new LiveShards.Spread(
              EventPartitioner.named(config.get(KafkaKeys.EVENTS_PARTITIONER)),
              described.partitions().size(),
              config.get(KafkaKeys.ACCESS_PARTITIONS));
      spread = asked;
      return asked;
    } catch (ExecutionException | TimeoutException e) {
      throw new BusyException("Kafka does not say how many partitions " + topic + " has");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BusyException("interrupted");
    }
  }

  @Override
  public void close() {
    own.close();
    forwarded.close();
    waiting.shutdownNow();
  }
}
