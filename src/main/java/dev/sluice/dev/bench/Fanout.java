package dev.sluice.dev.bench;

import dev.sluice.contract.Topics;
import dev.sluice.streams.TransactionStatistics;
import java.time.Duration;
import java.util.LinkedHashMap;
import org.jspecify.annotations.Nullable;

/** Measures how fast one event becomes the commands of a product's many members. */
public final class Fanout {
  private static final Duration START_MAX = Duration.ofSeconds(60);

  private final Bench bench;
  private final int members;
  private final int sources;

  /** Creates the measurement for one product. */
  public Fanout(Bench bench, int members, int sources) {
    this.bench = bench;
    this.members = members;
    this.sources = sources;
  }

  /** Returns the number of commands of one event. */
  public long commands() {
    return (long) members * sources;
  }

  /** Measures the worker and the bare producer alternately, after a warm-up of both. */
  public Measurement sluice() throws InterruptedException {
    var config = bench.config("fanout");
    try (var started = MeasuredWorker.start(bench, config)) {
      var worker = started.worker();
      worker.awaitRunning(START_MAX);
      try (var sweeps = new Sweeps(config, members, sources, worker::failIfEnded);
          var bare = new BareProducer(config, new Topics(config.topicPrefix()).accessCommands())) {
        return measure("fanout", Measurement.SLUICE, sweeps, bare, worker.transactions());
      }
    }
  }

  /** Measures {@link DslBaseline} in the same way. */
  public Measurement dsl() throws InterruptedException {
    var config = bench.config("fanout-dsl");
    try (var baseline = DslBaseline.start(config, START_MAX);
        var sweeps = new Sweeps(config, members, sources, baseline::failIfEnded);
        var bare = new BareProducer(config, new Topics(config.topicPrefix()).accessCommands())) {
      return measure("fanout-dsl", Measurement.DSL, sweeps, bare, null);
    }
  }

  private Measurement measure(
      String name,
      String subject,
      Sweeps sweeps,
      BareProducer bare,
      @Nullable TransactionStatistics transactionStatistics)
      throws InterruptedException {
    var progress = bench.progress();
    sweeps.prepare(progress);
    var sample = new Sample();
    sweeps.rate(sample);
    bare.rate(sweeps.commands(), sources, sample);
    var warmUp =
        WarmUp.of(
            bench,
            name,
            number -> {
              sweeps.rate();
              bare.rate(sweeps.commands(), sources, sample);
            });
    if (transactionStatistics != null) {
      transactionStatistics.reset();
    }
    var rounds = bench.rounds();
    var rates = new Rounds(rounds);
    try (var heap = new HeapWatch()) {
      for (int i = 0; i < rounds; i++) {
        // The second one runs after the other's load, so the order alternates too.
        var bareFirst = i % 2 == 1 ? bare.rate(sweeps.commands(), sources, sample) : 0;
        var rate = sweeps.rate();
        rates.add(rate, i % 2 == 1 ? bareFirst : bare.rate(sweeps.commands(), sources, sample));
        progress.say(rates.last(name, subject, "commands/s"));
      }
      var more = new LinkedHashMap<String, Object>(heap.found());
      if (transactionStatistics != null) {
        more.put("transactionRecordsMax", transactionStatistics.largest().records());
        more.put("transactionMsMax", transactionStatistics.longest().length().toMillis());
      }
      more.put("commandBytesMean", sample.bytesMean());
      more.putAll(warmUp.found());
      return rates.measurement(name, subject, members, sources, "commands/s", more);
    }
  }
}
