package dev.sluice.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.avro.AccessAction;
import dev.sluice.event.ProductEvent;
import dev.sluice.sim.Model.Access;
import dev.sluice.topology.StateStores;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * I11, replay: the same events, read at other times, lead to the same. {@code -Dsluice.seed} and
 * {@code -Dsluice.seeds} as for {@link HistoriesTest}.
 */
class ReplayHistoriesTest {
  private static final int EVENTS = 250;
  private static final Instant START = Instant.parse("2026-01-05T09:00:00Z");

  static LongStream seeds() {
    var one = Long.getLong("sluice.seed");
    return one != null
        ? LongStream.of(one)
        : LongStream.range(0, Long.getLong("sluice.seeds", 120));
  }

  /** What a run led to, as a reader of the topics has it. */
  private record Outcome(
      TreeSet<String> access, Map<String, String> products, Map<String, String> requests) {
    Outcome() {
      this(new TreeSet<>(), new TreeMap<>(), new TreeMap<>());
    }

    void add(Cluster.Step step) {
      for (var command : step.commands()) {
        var pair = new Access(command.getUserId(), command.getSourceId()).toString();
        if (command.getAction() == AccessAction.GRANT) {
          access.add(pair);
        } else {
          access.remove(pair);
        }
      }
      for (var p : step.productStatuses()) {
        products.put(
            p.getProductId(),
            List.of(p.getState(), p.getRevision(), p.getName(), p.getDataSources(), p.getStats())
                .toString());
      }
      for (var r : step.requestStatuses()) {
        requests.put(
            r.getProductId() + "/" + r.getRequestId(),
            r.getUserId() + " " + r.getState() + " " + r.getStage() + " until " + r.getExpiresAt());
      }
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void shouldLeadToTheSameWhenEverItIsRead(long seed) {
    var events = new ArrayList<ProductEvent>();
    var first = new Outcome();
    var end = firstRun(seed, events, first);

    assertThat(readAfterwards(seed, events, end))
        .as("after the end, seed " + seed)
        .isEqualTo(first);
    assertThat(readMeanwhile(seed, events, end)).as("meanwhile, seed " + seed).isEqualTo(first);
  }

  private static Instant firstRun(long seed, List<ProductEvent> events, Outcome outcome) {
    var histories = new Histories(seed);
    try (var cluster = cluster(seed, START)) {
      for (int i = 0; i < EVENTS; i++) {
        pass(histories.jump(), cluster, outcome);
        var event = histories.next(cluster.now());
        events.add(event);
        outcome.add(cluster.publish(event));
      }
      return cluster.now();
    }
  }

  /** All at once, when all is over. */
  private static Outcome readAfterwards(long seed, List<ProductEvent> events, Instant end) {
    var outcome = new Outcome();
    try (var cluster = cluster(seed, end)) {
      events.forEach(event -> outcome.add(cluster.publish(event)));
    }
    return outcome;
  }

  /** While time passes in other steps than in the first run. */
  private static Outcome readMeanwhile(long seed, List<ProductEvent> events, Instant end) {
    var outcome = new Outcome();
    var random = new Random(~seed);
    try (var cluster = cluster(seed, START)) {
      for (var event : events) {
        if (random.nextInt(20) == 0) {
          var left = Duration.between(cluster.now(), end).toMillis();
          pass(Duration.ofMillis((long) (left * random.nextDouble() / 4)), cluster, outcome);
        }
        outcome.add(cluster.publish(event));
      }
      pass(Duration.between(cluster.now(), end), cluster, outcome);
    }
    return outcome;
  }

  private static Cluster cluster(long seed, Instant start) {
    return new Cluster(1 + (int) (seed % 4), StateStores.MEMORY, start);
  }

  private static void pass(Duration time, Cluster cluster, Outcome outcome) {
    if (!time.isZero()) {
      outcome.add(cluster.advance(time));
    }
  }
}
