package dev.sluice.dev.bench;

import dev.sluice.config.SluiceConfig;
import dev.sluice.config.WorkerKeys;
import dev.sluice.contract.Topics;
import dev.sluice.worker.Worker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Measures how many approvals per second become commands, over many products that share sources.
 * Each round approves one more product for every user.
 *
 * <p>The warm-up approves products for users of its own. After it, one more uncounted round gives
 * each counted user a first product.
 *
 * <p>Rounds of the worker alternate with those of three references:
 *
 * <ul>
 *   <li>the bare producer with the worker's commands: the ratio compares commands per second;
 *   <li>the bare producer with all kinds of records that the worker writes: statuses,
 *       access-updates, changelogs and commands, in their real proportions;
 *   <li>{@link Floor}, with as many outputs for each input as the worker has commands for each
 *       approval.
 * </ul>
 */
public final class Approvals {
  private static final String NAME = "approvals";
  private static final Duration START_MAX = Duration.ofSeconds(60);

  /** Average number of products that contain a source. */
  private static final int PRODUCTS_OF_SOURCE = 10;

  /**
   * Minimum size of the source pool, in products; with fewer, users would soon have all sources.
   */
  private static final int POOL_MIN_PRODUCTS = 4;

  /**
   * Minimum number of commands per user in a bare round, so that its first and last commit hardly
   * count.
   */
  private static final long BARE_COMMANDS_PER_USER = 25;

  private final Bench bench;
  private final int users;
  private final int sources;
  private final int products;
  private final boolean withFloor;

  /**
   * Creates the measurement.
   *
   * @param sources number of sources of each product
   * @param withFloor whether {@link Floor} is measured too
   * @throws IllegalArgumentException if there are fewer products than rounds, since a round needs
   *     another product for each user
   */
  public Approvals(Bench bench, int users, int sources, int products, boolean withFloor) {
    if (products <= bench.rounds()) {
      throw new IllegalArgumentException(
          "there must be more products than rounds, not %d for %d"
              .formatted(products, bench.rounds()));
    }
    this.bench = bench;
    this.users = users;
    this.sources = sources;
    this.products = products;
    this.withFloor = withFloor;
  }

  /** Measures the worker and its references alternately, after a warm-up. */
  public Measurement sluice() throws InterruptedException {
    var config = bench.config(NAME);
    var commands = new Topics(config.topicPrefix()).accessCommands();
    var records = new WrittenRecords(config.get(WorkerKeys.COMMIT_INTERVAL));
    try (var worker = Worker.start(config, records.observers())) {
      worker.awaitRunning(START_MAX);
      try (var floor = withFloor ? Floor.start(bench.config("floor-" + NAME)) : null;
          var run =
              new Run(
                  config,
                  records,
                  new Traffic(config),
                  CommittedReader.atEnd(config, commands, worker::failIfEnded),
                  new BareProducer(config, commands),
                  floor)) {
        return run.measure();
      }
    }
  }

  /** Draws the sources of each product from one pool, the same in every run. */
  private List<List<Integer>> draw() {
    var random = new Random(1);
    var poolSize =
        Math.min(
            Names.SOURCES,
            Math.max(sources * POOL_MIN_PRODUCTS, products * sources / PRODUCTS_OF_SOURCE));
    var pool = new ArrayList<>(IntStream.range(0, poolSize).boxed().toList());
    var drawn = new ArrayList<List<Integer>>();
    for (int i = 0; i < products; i++) {
      Collections.shuffle(pool, random);
      drawn.add(List.copyOf(pool.subList(0, sources)));
    }
    return drawn;
  }

  private int product(int user, int round) {
    return (user + round) % products;
  }

  /** One run of all rounds. */
  private final class Run implements AutoCloseable {
    private final SluiceConfig config;
    private final WrittenRecords records;
    private final Traffic traffic;
    private final CommittedReader reader;
    private final BareProducer bare;
    private final @Nullable Floor floor;
    private final ExecutorService sender = Executors.newSingleThreadExecutor();
    private final Sample sample = new Sample();
    private final ApprovalRounds rounds = new ApprovalRounds(bench.rounds(), users);

    Run(
        SluiceConfig config,
        WrittenRecords records,
        Traffic traffic,
        CommittedReader reader,
        BareProducer bare,
        @Nullable Floor floor) {
      this.config = config;
      this.records = records;
      this.traffic = traffic;
      this.reader = reader;
      this.bare = bare;
      this.floor = floor;
    }

    Measurement measure() throws InterruptedException {
      var given = draw();
      for (int i = 0; i < products; i++) {
        traffic.published("product-" + i, given.get(i));
      }
      traffic.flush();
      var expected = new Expected(given);
      var warmUp = WarmUp.of(bench, NAME, this::warmUp);
      var mix = firstProducts(expected);
      for (int round = 1; round <= bench.rounds(); round++) {
        count(round, expectedOf(round, expected), mix);
        bench.progress().say(rounds.last());
      }
      Map<String, Object> more = new LinkedHashMap<>();
      more.put("products", products);
      more.putAll(rounds.found());
      more.put("recordBytesMean", mix.bytesMean());
      more.put("recordsPerFirstApproval", mix.countsPer(users));
      more.putAll(warmUp.found());
      return rounds.measurement(NAME, sources, more);
    }

    private void warmUp(int number) throws InterruptedException {
      var outputs = new int[users];
      Arrays.fill(outputs, sources);
      approve(users * (number + 1), 0, (long) users * sources);
      bareCommands((long) users * sources);
      if (floor != null) {
        floor.rate(outputs, sample);
      }
    }

    /** Gives each user a first product; returns a sample of all that the worker writes for it. */
    private RecordMix firstProducts(Expected expected) throws InterruptedException {
      return MixReading.during(config, records, () -> approve(0, 0, sum(expectedOf(0, expected))));
    }

    private void count(int round, int[] expected, RecordMix mix) throws InterruptedException {
      var commands = sum(expected);
      if (commands == 0) {
        throw new BenchException(
            "by round %d all users have all sources: use more products, or fewer rounds"
                .formatted(round));
      }
      var recordsBefore = records.settled();
      var cpuBefore = CpuTime.now(config.applicationId());
      var seconds = approve(0, round, commands);
      var cpu = CpuTime.now(config.applicationId()).since(cpuBefore);
      var written = records.settled() - recordsBefore;
      var bareCommands = bareCommands(commands);
      var bareRecords = bare.rate(Math.max(written, BARE_COMMANDS_PER_USER * users), mix);
      rounds.add(seconds, commands, written, cpu, bareCommands, bareRecords);
      if (floor != null) {
        rounds.addFloor(floor.rate(expected, sample));
      }
    }

    private double bareCommands(long commands) throws InterruptedException {
      return bare.rate(Math.max(commands, BARE_COMMANDS_PER_USER * users), sources, sample);
    }

    /** Returns the number of new commands of each user. */
    private int[] expectedOf(int round, Expected expected) {
      return IntStream.range(0, users)
          .map(user -> expected.approved(user, product(user, round)))
          .toArray();
    }

    private static long sum(int[] commands) {
      return Arrays.stream(commands).asLongStream().sum();
    }

    /** Approves a product for each user; returns the seconds until all commands are readable. */
    private double approve(int firstUser, int round, long commands) throws InterruptedException {
      var tally = new Tally();
      var began = System.nanoTime();
      var sending =
          sender.submit(
              () -> {
                for (int user = 0; user < users; user++) {
                  traffic.approved("product-" + product(user, round), firstUser + user);
                }
                traffic.flush();
              });
      var ended = reader.read(commands, tally.andThen(sample));
      try {
        sending.get();
      } catch (ExecutionException e) {
        throw new BenchException("the approvals could not be published: " + e.getCause(), e);
      }
      reader.drain(tally);
      tally.require("the approvals", commands, 0);
      return (ended - began) / 1e9;
    }

    @Override
    public void close() {
      sender.shutdownNow();
      traffic.close();
      bare.close();
      reader.close();
    }
  }
}
