package dev.sluice.dev.bench;

import dev.sluice.config.SluiceConfig;
import dev.sluice.contract.Topics;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Load of a worker during latency measurements: approvals at a steady pace, and optionally a large
 * product that is suspended and resumed continuously.
 */
final class LatencyLoad implements AutoCloseable {
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
  private final ExecutorService thread = Executors.newSingleThreadExecutor();
  private int nextUser;
  private long swept;
  private long sweepingNs;

  LatencyLoad(SluiceConfig config, int members, Runnable meanwhile) {
    this.config = config;
    this.commands = new Topics(config.topicPrefix()).accessCommands();
    this.members = members;
    nextUser = members;
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
   * @param sweeping whether the large products are suspended and resumed meanwhile
   * @return time of each approval from its due time until its command is readable
   */
  long[] latencies(int count, long everyNs, boolean sweeping) throws InterruptedException {
    var began = System.nanoTime();
    if (sweeping) {
      sweep();
    }
    var stable = new StableOffsets(config, commands);
    var latencies = new Latencies(nextUser, count, everyNs);
    try (stable) {
      var first = nextUser;
      nextUser += count;
      var sending = thread.submit(() -> send(latencies, first));
      while (latencies.open() > 0) {
        read(latencies);
        if (sweeping) {
          sweep();
        }
      }
      await(sending);
      while (larges.stream().anyMatch(large -> large.open > 0)) {
        read(latencies);
      }
      if (sweeping) {
        sweepingNs += System.nanoTime() - began;
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

  private void sweep() {
    for (var large : larges) {
      if (large.open == 0) {
        if (large.active) {
          sweeps.suspended(large.productId);
        } else {
          sweeps.resumed(large.productId);
        }
        large.active = !large.active;
        large.open = members;
      }
    }
  }

  private void read(Latencies latencies) {
    var records = reader.poll();
    latencies.read(records);
    for (var record : records) {
      if (Names.userOf(record.key()) < members) {
        larges.get(Names.sourceOf(record.key()) - 1).open--;
        swept++;
      }
    }
  }

  private static void await(Future<?> work) throws InterruptedException {
    try {
      work.get();
    } catch (ExecutionException e) {
      throw new BenchException("the approvals could not be published: " + e.getCause(), e);
    }
  }

  /** Forgets the sweeps so far, which do not count. */
  void restartSweptRate() {
    swept = 0;
    sweepingNs = 0;
  }

  /** Returns the commands per second of the sweeps since the last restart. */
  long sweptRate() {
    return sweepingNs == 0 ? 0 : Math.round(swept / (sweepingNs / 1e9));
  }

  @Override
  public void close() {
    thread.shutdownNow();
    approvals.close();
    sweeps.close();
    reader.close();
  }
}
