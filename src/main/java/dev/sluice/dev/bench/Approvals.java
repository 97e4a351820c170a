package dev.sluice.dev.bench;

import dev.sluice.contract.Topics;
import dev.sluice.worker.Worker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;

/**
 * Measures how many approvals per second become commands, over many products that share sources.
 * Each round approves one more product for every user.
 *
 * <p>The warm-up approves products for users of its own. After it, one more uncounted round gives
 * each counted user a first product.
 *
 * <p>The ratio compares the worker's commands per second with those of the bare producer. The
 * worker also writes the status of a request and a product for each approval, which do not count.
 */
public final class Approvals {
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

  /**
   * Creates the measurement.
   *
   * @param sources number of sources of each product
   * @throws IllegalArgumentException if there are fewer products than rounds, since a round needs
   *     another product for each user
   */
  public Approvals(Bench bench, int users, int sources, int products) {
    if (products <= bench.rounds()) {
      throw new IllegalArgumentException(
          "there must be more products than rounds, not %d for %d"
              .formatted(products, bench.rounds()));
    }
    this.bench = bench;
    this.users = users;
    this.sources = sources;
    this.products = products;
  }

  /** Measures the worker and the bare producer alternately, after a warm-up. */
  public Measurement sluice() throws InterruptedException {
    var config = bench.config("approvals");
    var commands = new Topics(config.topicPrefix()).accessCommands();
    try (var worker = Worker.start(config, (type, outcome) -> {})) {
      worker.awaitRunning(START_MAX);
      try (var traffic = new Traffic(config);
          var reader = CommittedReader.atEnd(config, commands, worker::failIfEnded);
          var bare = new BareProducer(config, commands)) {
        return measure(config.applicationId(), traffic, reader, bare);
      }
    }
  }

  private Measurement measure(
      String applicationId, Traffic traffic, CommittedReader reader, BareProducer bare)
      throws InterruptedException {
    var given = draw();
    for (int i = 0; i < products; i++) {
      traffic.published("product-" + i, given.get(i));
    }
    traffic.flush();
    var expected = new Expected(given);
    var sample = new Sample();
    var approvals = new double[bench.rounds()];
    var bares = new double[bench.rounds()];
    var ratios = new double[bench.rounds()];
    var cpu = new CpuOfRounds(bench.rounds());
    var written = 0L;
    WarmUp warmUp;
    try (var sender = Executors.newSingleThreadExecutor()) {
      warmUp =
          WarmUp.of(
              bench,
              "approvals",
              number -> {
                var commands = (long) users * sources;
                round(users * (number + 1), 0, commands, traffic, reader, sample, sender);
                bare.rate(commands, sources, sample);
              });
      for (int round = 0; round <= bench.rounds(); round++) {
        var commands = expectedOf(round, expected);
        if (commands == 0) {
          throw new BenchException(
              "by round %d all users have all sources: use more products, or fewer rounds"
                  .formatted(round));
        }
        var cpuBefore = CpuTime.now(applicationId);
        var seconds = round(0, round, commands, traffic, reader, sample, sender);
        var cpuUsed = CpuTime.now(applicationId).since(cpuBefore);
        var bareRate =
            bare.rate(Math.max(commands, BARE_COMMANDS_PER_USER * users), sources, sample);
        if (round == 0) {
          continue; // gives each user a first product
        }
        approvals[round - 1] = users / seconds;
        bares[round - 1] = bareRate;
        ratios[round - 1] = commands / seconds / bareRate;
        cpu.add(cpuUsed, users);
        written += commands;
        bench
            .progress()
            .say(
                "approvals, round %d of %d: %,.0f approvals/s, %,.0f commands/s, bare %,.0f/s; ratio %.2f; %s"
                    .formatted(
                        round,
                        bench.rounds(),
                        users / seconds,
                        commands / seconds,
                        bareRate,
                        ratios[round - 1],
                        cpu.last("approval")));
      }
    }
    var more = new LinkedHashMap<String, Object>();
    more.put("products", products);
    more.put("commandsPerApproval", (double) written / ((long) users * bench.rounds()));
    more.put("bareUnit", "commands/s");
    more.putAll(cpu.found("Approval"));
    more.putAll(warmUp.found());
    return new Measurement(
        "approvals",
        Measurement.SLUICE,
        users,
        sources,
        bench.rounds(),
        "approvals/s",
        Figures.ofRounds(bares),
        Figures.ofRounds(approvals),
        Figures.ofRounds(ratios),
        more);
  }

  /** Draws the sources of each product from one pool, the same in every run. */
  private List<List<Integer>> draw() {
    var random = new Random(1);
    var poolSize = Math.max(sources * POOL_MIN_PRODUCTS, products * sources / PRODUCTS_OF_SOURCE);
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

  private long expectedOf(int round, Expected expected) {
    return IntStream.range(0, users)
        .mapToLong(user -> expected.approved(user, product(user, round)))
        .sum();
  }

  /** Approves a product for each user; returns the seconds until all commands are readable. */
  private double round(
      int firstUser,
      int round,
      long commands,
      Traffic traffic,
      CommittedReader reader,
      Sample sample,
      ExecutorService sender)
      throws InterruptedException {
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
}
