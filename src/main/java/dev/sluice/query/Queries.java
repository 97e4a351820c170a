package dev.sluice.query;

import dev.sluice.config.SluiceConfig;
import dev.sluice.contract.Topics;
import dev.sluice.product.Places;
import dev.sluice.product.Rules;
import dev.sluice.runtime.Worker;
import dev.sluice.topology.EventPartitioner;
import dev.sluice.topology.UpdatesTopic;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
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
public final class Queries implements AutoCloseable {

  /** Where instances ask each other. */
  public static final String INTERNAL = "/internal/v1/parts";

  /** Tells another instance how long it may take, in milliseconds. */
  public static final String TIMEOUT_HEADER = HttpForwarding.TIMEOUT_HEADER;

  /** So many questions are worked on at once. */
  private static final int AT_ONCE_MAX = 8;

  /** So many that other instances asked; apart, so that instances do not wait for each other. */
  private static final int FORWARDED_MAX = 32;

  /** What most calls are given: some ids and numbers. */
  private static final int ARGUMENTS_MAX = 64 * 1024;

  /** What updates would do, which carry a product each, is asked with them. */
  private static final int FORESEE_ARGUMENTS_MAX = 3 << 20;

  private static final Duration ADMIN_TIMEOUT = Duration.ofSeconds(5);

  private final SluiceConfig config;
  private final HttpClient client;
  private final Rules rules;
  private final Semaphore free = new Semaphore(AT_ONCE_MAX);
  private final Semaphore forwardedFree = new Semaphore(FORWARDED_MAX);
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Scatter scatter = Scatter.on(threads);
  private volatile @Nullable Running running;

  private record Running(Instances instances, @Nullable HostInfo self) {}

  private volatile LiveParts.@Nullable Spread spread;

  /**
   * How somebody asks.
   *
   * @param authorization the header that they gave; null for none
   * @param stale whether a copy that may be behind will do where the original is away
   */
  public record Asked(@Nullable String authorization, boolean stale) {}

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

    BusyException(String message) {
      super(message);
    }
  }

  /**
   * Before the worker runs.
   *
   * @param client asks other instances
   */
  public Queries(SluiceConfig config, HttpClient client) {
    this.config = config;
    this.client = client;
    rules = new Rules(Places.ANY, config.sequenceJumpMax(), config.isSelfApprovalAllowed());
  }

  /** The worker was started. */
  public void serve(Worker worker) {
    running =
        new Running(
            new Instances(
                worker.streams(),
                new Topics(config.topicPrefix()).productEvents(),
                UpdatesTopic.of(config.applicationId())),
            config.advertisedAddress());
  }

  /**
   * Asks.
   *
   * @throws PartMissingException when a partition cannot be asked now
   * @throws BusyException when it cannot be worked on, or takes too long
   */
  public <T> Answered<T> ask(Asked asked, Function<Questions, @Nullable T> question) {
    return within(
        free,
        Duration.ZERO,
        () -> {
          var deadline = new Deadline(config.queryTimeout(), System::nanoTime);
          var parts = parts(asked, deadline);
          var answer = question.apply(new Questions(parts, scatter, rules));
          return new Answered<T>(answer, parts.isStale());
        });
  }

  /** How large the arguments of a call may be, in bytes. */
  public static int argumentsMax(String call) {
    return call.equals("foresee") ? FORESEE_ARGUMENTS_MAX : ARGUMENTS_MAX;
  }

  /**
   * Answers another instance about a partition that is here.
   *
   * @param arguments of the call, as JSON
   * @throws NoSuchElementException when there is no such part or call
   * @throws IllegalArgumentException when those are not the call's arguments
   */
  public byte[] part(
      String stage, int partition, String call, byte[] arguments, boolean stale, Duration timeout) {
    var known =
        Arrays.stream(Stage.values())
            .filter(s -> s.what().equals(stage))
            .findFirst()
            .orElseThrow(() -> new NoSuchElementException("nothing is called " + stage));
    var limit = config.queryTimeout();
    var deadline = new Deadline(timeout.compareTo(limit) < 0 ? timeout : limit, System::nanoTime);
    return within(
        forwardedFree,
        // One question may come as a call for each partition.
        deadline.left(),
        () -> {
          var stores = parts(new Asked(null, stale), deadline).requireHere(known, partition, stale);
          if (known == Stage.PRODUCTS) {
            var part = LocalParts.products(stores, deadline);
            return PartCalls.answer(
                ProductPart.class,
                PartCalls.guarded(ProductPart.class, part, known, partition),
                call,
                arguments);
          }
          var part = LocalParts.users(stores, partition, deadline);
          return PartCalls.answer(
              UserPart.class,
              PartCalls.guarded(UserPart.class, part, known, partition),
              call,
              arguments);
        });
  }

  private static <T> T within(Semaphore permits, Duration wait, Supplier<T> work) {
    try {
      if (!permits.tryAcquire(wait.toNanos(), TimeUnit.NANOSECONDS)) {
        throw new BusyException("too many questions at once: ask again in a moment");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BusyException("interrupted");
    }
    try {
      return work.get();
    } catch (Deadline.TooLongException e) {
      throw new BusyException(String.valueOf(e.getMessage()));
    } finally {
      permits.release();
    }
  }

  private LiveParts parts(Asked asked, Deadline deadline) {
    var now = running;
    if (now == null) {
      throw new BusyException("the worker is starting");
    }
    return new LiveParts(
        now.instances(),
        now.self(),
        spread(),
        new HttpForwarding(client, config.httpScheme(), asked.authorization(), deadline),
        deadline,
        asked.stale());
  }

  /** Asked once: the numbers do not change while a worker runs. */
  private LiveParts.Spread spread() {
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
          new LiveParts.Spread(
              EventPartitioner.named(config.eventsPartitioner()),
              described.partitions().size(),
              config.accessPartitions());
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
    threads.shutdownNow();
  }
}
