package dev.sluice.bench;

import dev.sluice.config.SluiceConfig;
import dev.sluice.topology.Topics;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * What a worker gets to do while latencies are measured: approvals at a steady pace, and beside
 * them a large product that is suspended and resumed without a pause, if wanted.
 */
final class LatencyLoad implements AutoCloseable {
  private static final String SMALL = "small";
  private static final String LARGE = "large";

  /** Events of the large product that are on their way: one is always waiting. */
  private static final int SWEEPS_OPEN = 2;

  private final int members;
  private final Traffic approvals;
  private final Traffic sweeps;
  private final CommittedReader reader;
  private final ExecutorService thread = Executors.newSingleThreadExecutor();
  private int nextUser;
  private boolean active = true;
  private long sweptOpen;
  private long swept;
  private long sweepingNs;

  LatencyLoad(SluiceConfig config, int members, Runnable meanwhile) {
    this.members = members;
    nextUser = members;
    approvals = new Traffic(config);
    sweeps = new Traffic(config);
    reader =
        CommittedReader.atEnd(config, new Topics(config.topicPrefix()).accessCommands(), meanwhile);
  }

  /** Publishes both products, and approves the large one's members. */
  void prepare(Progress progress, Consumer<ConsumerRecord<byte[], byte[]>> sample) {
    approvals.published(SMALL, List.of(0));
    sweeps.published(LARGE, List.of(1));
    try (var work = progress.begin("approving members", members)) {
      for (int user = 0; user < members; user++) {
        sweeps.approved(LARGE, user);
        work.reached(user + 1);
      }
      sweeps.flush();
    }
    try (var work = progress.begin("settling", members)) {
      reader.read(members, sample, work::reached);
    }
  }

  /**
   * Approves at that pace.
   *
   * @param sweeping whether the large product goes to and fro beside it
   * @return how long each approval took from when it was due to its command's being readable
   */
  long[] latencies(int count, long everyNs, boolean sweeping) throws InterruptedException {
    var began = System.nanoTime();
    if (sweeping) {
      sweep();
    }
    var latencies = new Latencies(nextUser, count, everyNs);
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
    while (sweptOpen > 0) {
      read(latencies);
    }
    if (sweeping) {
      sweepingNs += System.nanoTime() - began;
    }
    return latencies.nanos();
  }

  private void send(Latencies latencies, int firstUser) {
    for (int i = 0; i < latencies.count(); i++) {
      latencies.awaitDue(i);
      approvals.approved(SMALL, firstUser + i);
    }
    approvals.flush();
  }

  private void sweep() {
    while (sweptOpen <= (long) members * (SWEEPS_OPEN - 1)) {
      if (active) {
        sweeps.suspended(LARGE);
      } else {
        sweeps.resumed(LARGE);
      }
      active = !active;
      sweptOpen += members;
    }
  }

  private void read(Latencies latencies) {
    var records = reader.poll();
    latencies.readable(records);
    for (var record : records) {
      if (Names.userOf(record.key()) < members) {
        sweptOpen--;
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

  /** Commands a second that the sweeps came to beside the approvals. */
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
