package dev.sluice.dev.bench;

import dev.sluice.config.SluiceConfig;
import dev.sluice.contract.Topics;
import dev.sluice.worker.Worker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Measures how long an approval takes to become a readable command, at a steady 500 approvals per
 * second, each of its own user for a product with one source: on an idle worker, and on one that
 * suspends and resumes large products continuously.
 */
public final class Latency {
  private static final Duration START_MAX = Duration.ofSeconds(60);
  private static final long EVERY_NS = 1_000_000_000L / 500;

  /** Length of each part of a round of the warm-up, in seconds. */
  private static final int WARM_UP_PART_S = 1;

  /** Total time of all rounds, in seconds. */
  private static final int MEASURED_S = 20;

  private final Bench bench;
  private final int members;

  /**
   * Creates the measurement.
   *
   * @param members number of members of each of the two large products
   */
  public Latency(Bench bench, int members) {
    this.bench = bench;
    this.members = members;
  }

  /** Measures an idle worker, a worker with a sweep, and the bare producer alternately. */
  public List<Measurement> sluice() throws InterruptedException {
    var config = bench.config("latency");
    try (var worker = Worker.start(config, (type, outcome) -> {})) {
      worker.awaitRunning(START_MAX);
      try (var load = new LatencyLoad(config, members, worker::failIfEnded)) {
        return measure(config, load);
      }
    }
  }

  private List<Measurement> measure(SluiceConfig config, LatencyLoad load)
      throws InterruptedException {
    var sample = new Sample();
    load.prepare(bench.progress(), sample);
    try (var bare = new BareProducer(config, new Topics(config.topicPrefix()).accessCommands())) {
      var part = count(WARM_UP_PART_S);
      var warmUp =
          WarmUp.of(
              bench,
              "latency",
              number -> {
                bare.latencies(part, EVERY_NS, sample);
                load.latencies(part, EVERY_NS, false);
                load.latencies(part, EVERY_NS, true);
              });
      load.restartSweptRate();
      var count = count(Math.max(1, MEASURED_S / bench.rounds()));
      var bares = new ArrayList<long[]>();
      var idles = new ArrayList<long[]>();
      var sweeps = new ArrayList<long[]>();
      for (int i = 0; i < bench.rounds(); i++) {
        bares.add(bare.latencies(count, EVERY_NS, sample));
        idles.add(load.latencies(count, EVERY_NS, false));
        sweeps.add(load.latencies(count, EVERY_NS, true));
        bench
            .progress()
            .say(
                "latency, round %d of %d, p99: bare %.0f ms, idle %.0f ms, beside a sweep %.0f ms"
                    .formatted(
                        i + 1,
                        bench.rounds(),
                        p99(bares.getLast()),
                        p99(idles.getLast()),
                        p99(sweeps.getLast())));
      }
      return List.of(
          measurement("latency-idle", bares, idles, warmUp, Map.of()),
          measurement(
              "latency-sweep",
              bares,
              sweeps,
              warmUp,
              Map.of("sweptCommandsPerSecond", load.sweptRate())));
    }
  }

  private static int count(int seconds) {
    return (int) (seconds * 1_000_000_000L / EVERY_NS);
  }

  private static double p99(long[] nanos) {
    return Figures.ofLatencies(nanos).get("p99");
  }

  private Measurement measurement(
      String name,
      List<long[]> bares,
      List<long[]> measured,
      WarmUp warmUp,
      Map<String, Object> found) {
    var bare = Figures.ofLatencies(all(bares));
    var sluice = Figures.ofLatencies(all(measured));
    var more = new LinkedHashMap<String, Object>(found);
    more.put("approvalsPerSecond", 1_000_000_000L / EVERY_NS);
    more.put(
        "p99OfRounds",
        Figures.ofRounds(measured.stream().mapToDouble(Latency::p99).toArray()).values());
    more.putAll(warmUp.found());
    return new Measurement(
        name,
        Measurement.SLUICE,
        members,
        1,
        measured.size(),
        "ms",
        bare,
        sluice,
        sluice.over(bare),
        more);
  }

  private static long[] all(List<long[]> rounds) {
    return rounds.stream().flatMapToLong(Arrays::stream).toArray();
  }
}
