package dev.sluice.dev.bench;

import dev.sluice.config.SluiceConfig;
import dev.sluice.contract.Topics;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;

/**
 * Load of a worker during latency measurements: approvals at a steady pace, and optionally large
 * products that are suspended and resumed continuously, or users who are all deactivated and
 * reactivated continuously.
 */
final class LatencyLoad implements AutoCloseable {
  /** Load of the worker besides the approvals. */
  enum Beside {
    NOTHING,
    SWEEPS,
    LEAVERS
  }

  private static final String SMALL = "small";

  /** A large product. */
  private static final class Large {
    private final String productId;
    private final int source;
    private boolean active = true;

    /** Number of commands of its last event not yet read. */
    private long open;

    Large(int number) {
      productId = "large-" + number;
      source = number;
    }
  }

  private final List<Large> larges = List.of(new Large(1), new Large(2));
  private final SluiceConfig config;
  private final String commands;
  private final int members;
  private final Traffic approvals;
  private final Traffic sweeps;
  private final CommittedReader reader;
  private final Traffic turns;
  private final ExecutorService approving = Executors.newSingleThreadExecutor();
  private final ExecutorService turning = Executors.newSingleThreadExecutor();
  private final int leavers;
  private int nextUser;
  private boolean leaversActive = true;

  /** Number of commands of the last turn of all leavers not yet read. */
  private long leaversOpen;

  private final Map<Beside, Rate> rates = new EnumMap<>(Beside.class);

  /** Commands of a load, and the time in which they came. */
  private static final class Rate {
    private long commands;
    private long nanos;
  }

  /**
   * Creates a load.
   *
   * @param members number of members of each large product
   * @param leavers how many of them are deactivated together
   */
  LatencyLoad(SluiceConfig config, int members, int leavers, Runnable meanwhile) {
    this.config = config;
    this.commands = new Topics(config.topicPrefix()).accessCommands();
    this.members = members;
    this.leavers = leavers;
    nextUser = members;
    turns = new Traffic(config);
    approvals = new Traffic(config);
    sweeps = new Traffic(config);
    reader = CommittedReader.atEnd(config, commands, meanwhile);
  }

  /** Publishes the products, and approves the large ones' members. */
  void prepare(Progress progress, Consumer<ConsumerRecord<byte[], byte[]>> sample) {
    approvals.published(SMALL, List.of(0));
    larges.forEach(large -> sweeps.published(large.productId, List.of(large.source)));
    var all = (long) members * larges.size();
    try (var work = progress.begin("approving members", all)) {
      var done = 0L;
      for (var large : larges) {
        for (int user = 0; user < members; user++) {
          sweeps.approved(large.productId, user);
          work.reached(++done);
        }
      }
      sweeps.flush();
    }
    try (var work = progress.begin("settling", all)) {
      reader.read(all, sample, work::reached);
    }
  }

  /**
   * Sends approvals at the given pace.
   *
   * @param beside the other load meanwhile
   * @return time of each approval from its due time until its command is readable
   */
  long[] latencies(int count, long everyNs, Beside beside) throws InterruptedException {
    if (beside == Beside.LEAVERS) {
      resume();
    }
    var began = System.nanoTime();
    begin(beside);
    var stable = new StableOffsets(config, commands);
    var latencies = new Latencies(nextUser, count, everyNs);
    try (stable) {
      var first = nextUser;
      nextUser += count;
      var sending = approving.submit(() -> send(latencies, first));
      while (latencies.open() > 0) {
        read(latencies, beside);
        begin(beside);
      }
      await(sending);
      while (isBusy()) {
        read(latencies, beside);
      }
      rate(beside).nanos += System.nanoTime() - began;
    }
    if (!leaversActive) {
      turn();
      while (isBusy()) {
        count(reader.poll(), Beside.NOTHING);
      }
    }
    return latencies.nanos(stable);
  }

  private void send(Latencies latencies, int firstUser) {
    for (int i = 0; i < latencies.count(); i++) {
      latencies.awaitDue(i);
      approvals.approved(SMALL, firstUser + i);
    }
    approvals.flush();
  }

  /** Begins the next round of the other load, if the last one has ended. */
  private void begin(Beside beside) {
    switch (beside) {
      case NOTHING -> {}
      case SWEEPS -> sweep();
      case LEAVERS -> {
        if (leaversOpen == 0) {
          turn();
        }
      }
    }
  }

  private boolean isBusy() {
    return leaversOpen > 0 || larges.stream().anyMatch(large -> large.open > 0);
  }

  /** Makes all large products active, so that each leaver has a source of each. */
  private void resume() {
    larges.stream().filter(large -> !large.active).forEach(this::turn);
    while (isBusy()) {
      count(reader.poll(), Beside.NOTHING);
    }
  }

  private void turn() {
    var active = !leaversActive;
    leaversActive = active;
    leaversOpen = (long) leavers * larges.size();
    turning.execute(
        () -> {
          for (int user = 0; user < leavers; user++) {
            turns.turned(user, active);
          }
          turns.flush();
        });
  }

  private void sweep() {
    for (var large : larges) {
      if (large.open == 0) {
        turn(large);
      }
    }
  }

  private void turn(Large large) {
    if (large.active) {
      sweeps.suspended(large.productId);
    } else {
      sweeps.resumed(large.productId);
    }
    large.active = !large.active;
    large.open = members;
  }

  private void read(Latencies latencies, Beside beside) {
    var records = reader.poll();
    latencies.read(records);
    count(records, beside);
  }

  private void count(ConsumerRecords<byte[], byte[]> records, Beside beside) {
    for (var record : records) {
      if (Names.userOf(record.key()) < members) {
        if (leaversOpen > 0) {
          leaversOpen--;
        } else {
          larges.get(Names.sourceOf(record.key()) - 1).open--;
        }
        rate(beside).commands++;
      }
    }
  }

  private Rate rate(Beside beside) {
    return rates.computeIfAbsent(beside, each -> new Rate());
  }

  private static void await(Future<?> work) throws InterruptedException {
    try {
      work.get();
    } catch (ExecutionException e) {
      throw new BenchException("the approvals could not be published: " + e.getCause(), e);
    }
  }

  /** Forgets the other loads so far, which do not count. */
  void restartRates() {
    rates.clear();
  }

  /** Returns the commands per second of another load since the last restart. */
  long commandsPerSecond(Beside beside) {
    var rate = rate(beside);
    return rate.nanos == 0 ? 0 : Math.round(rate.commands / (rate.nanos / 1e9));
  }

  @Override
  public void close() {
    approving.shutdownNow();
    turning.shutdownNow();
    turns.close();
    approvals.close();
    sweeps.close();
    reader.close();
  }
}
