package dev.sluice.dev.bench;

import dev.sluice.config.SluiceConfig;
import dev.sluice.contract.Topics;
import dev.sluice.dev.bench.LatencyLoad.Beside;
import dev.sluice.worker.Worker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Measures how long an approval takes to become a readable command, at a steady 500 approvals per
 * second, each of its own user for a product with one source: on an idle worker, on one that
 * suspends and resumes large products continuously, and on one that takes all access from a hundred
 * thousand users and gives it back continuously.
 */
public final class Latency {
  private static final Duration START_MAX = Duration.ofSeconds(60);
  private static final long EVERY_NS = 1_000_000_000L / 500;

  private static final int LEAVERS = 100_000;

  /** Length of each part of a round of the warm-up, in seconds. */
  private static final int WARM_UP_PART_S = 1;

  /**
   * Pace of the bare producer that commits each record, from record to record; more than a commit
   * takes, so that records do not wait for each other.
   */
  private static final long EVERY_SINGLE_NS = 1_000_000_000L / 50;

  private final Bench bench;
  private final int members;
  private final int seconds;
  private final boolean withFloor;

  /**
   * Creates the measurement.
   *
   * @param members number of members of each of the two large products
   * @param seconds time of all rounds of one kind together; a round takes at least a second
   * @param withFloor whether {@link Floor} is measured too
   */
  public Latency(Bench bench, int members, int seconds, boolean withFloor) {
    this.bench = bench;
    this.members = members;
    this.seconds = seconds;
    this.withFloor = withFloor;
  }

  /** Measures an idle worker, a worker with a sweep, and their references alternately. */
  public List<Measurement> sluice() throws InterruptedException {
    var config = bench.config("latency");
    try (var worker = Worker.start(config, (type, outcome) -> {})) {
      worker.awaitRunning(START_MAX);
      try (var load =
          new LatencyLoad(config, members, Math.min(members, LEAVERS), worker::failIfEnded)) {
        return measure(config, load);
      }
    }
  }

  private List<Measurement> measure(SluiceConfig config, LatencyLoad load)
      throws InterruptedException {
    var sample = new Sample();
    load.prepare(bench.progress(), sample);
    try (var bare = new BareProducer(config, new Topics(config.topicPrefix()).accessCommands());
        var floor = withFloor ? Floor.start(bench.config("floor-latency")) : null) {
      var part = count(WARM_UP_PART_S);
      var warmUp =
          WarmUp.of(
              bench,
              "latency",
              number -> {
                bare.latencies(part, EVERY_NS, sample);
                if (floor != null) {
                  floor.latencies(part, EVERY_NS, sample);
                }
                for (var beside : Beside.values()) {
                  load.latencies(part, EVERY_NS, beside);
                }
              });
      load.restartRates();
      var secondsOfRound = Math.max(1, seconds / bench.rounds());
      var count = count(secondsOfRound);
      var singles = new ArrayList<long[]>();
      var floors = new ArrayList<long[]>();
      var bares = new ArrayList<long[]>();
      var idles = new ArrayList<long[]>();
      var sweeps = new ArrayList<long[]>();
      var leavers = new ArrayList<long[]>();
      for (int i = 0; i < bench.rounds(); i++) {
        singles.add(
            bare.latenciesOfSingles(
                (int) (secondsOfRound * 1_000_000_000L / EVERY_SINGLE_NS),
                EVERY_SINGLE_NS,
                sample));
        bares.add(bare.latencies(count, EVERY_NS, sample));
        if (floor != null) {
          floors.add(floor.latencies(count, EVERY_NS, sample));
        }
        idles.add(load.latencies(count, EVERY_NS, Beside.NOTHING));
        sweeps.add(load.latencies(count, EVERY_NS, Beside.SWEEPS));
        leavers.add(load.latencies(count, EVERY_NS, Beside.LEAVERS));
        bench
            .progress()
            .say(
                "latency, round %d of %d, p99: bare with a commit for each record %.0f ms, bare %.0f ms,%s idle %.0f ms, beside a sweep %.0f ms, beside leavers %.0f ms"
                    .formatted(
                        i + 1,
                        bench.rounds(),
                        p99(singles.getLast()),
                        p99(bares.getLast()),
                        floor == null
                            ? ""
                            : " Streams without work %.0f ms,".formatted(p99(floors.getLast())),
                        p99(idles.getLast()),
                        p99(sweeps.getLast()),
                        p99(leavers.getLast())));
      }
      return List.of(
          measurement("latency-idle", bares, idles, warmUp, references(singles, floors, idles)),
          measurement(
              "latency-sweep",
              bares,
              sweeps,
              warmUp,
              Map.of("sweptCommandsPerSecond", load.commandsPerSecond(Beside.SWEEPS))),
          measurement(
              "latency-leavers",
              bares,
              leavers,
              warmUp,
              Map.of(
                  "leavers",
                  Math.min(members, LEAVERS),
                  "leaversCommandsPerSecond",
                  load.commandsPerSecond(Beside.LEAVERS))));
    }
  }

  private static Map<String, Object> references(
      List<long[]> singles, List<long[]> floors, List<long[]> idles) {
    var found = new LinkedHashMap<String, Object>();
    found.put("bareCommitEachMs", Figures.ofLatencies(all(singles)).values());
    found.put("bareCommitEachPerSecond", 1_000_000_000L / EVERY_SINGLE_NS);
    if (!floors.isEmpty()) {
      var floor = Figures.ofLatencies(all(floors));
      found.put("floorMs", floor.values());
      found.put("ratioFloor", Figures.ofLatencies(all(idles)).over(floor).values());
    }
    return found;
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
