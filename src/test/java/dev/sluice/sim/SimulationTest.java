package dev.sluice.sim;

import static org.assertj.core.api.Assertions.fail;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.sluice.streams.StoreKind;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.slf4j.LoggerFactory;

/**
 * Random histories through the real stages, with commits, crashes and rebalances between any two
 * records, held against the naive models after every step. A failure prints its seed, and the
 * history made short. {@code -Dsluice.seed=42} runs one history, {@code -Dsluice.seeds=5000} so
 * many, {@code -Dsim.seconds=600} as many as fit into that time; {@code -Dsim.from} is the first.
 */
@Execution(ExecutionMode.CONCURRENT)
class SimulationTest {
  private static final long SEEDS = 100;

  private static final Logger STREAMS =
      (Logger) LoggerFactory.getLogger("org.apache.kafka.streams");

  private final Simulation simulation = new Simulation();

  /** Streams logs at length that commands are refused here on purpose. */
  @BeforeAll
  static void quiet() {
    STREAMS.setLevel(Level.OFF);
  }

  @AfterAll
  static void asBefore() {
    STREAMS.setLevel(null);
  }

  @Test
  void shouldKeepInvariantsInRandomHistories() {
    var started = System.nanoTime();
    var one = Long.getLong("sluice.seed");
    var from = one != null ? one : Long.getLong("sim.from", 0);
    var seconds = Long.getLong("sim.seconds");
    var seeds = one != null ? 1 : Long.getLong("sluice.seeds", SEEDS);
    var seed = from;
    while (seconds == null ? seed < from + seeds : elapsed(started).toSeconds() < seconds) {
      run(History.of(seed++));
    }
    System.out.printf(
        "Simulation: seeds %d to %d, %s, %d s%n",
        from, seed - 1, simulation.counts, elapsed(started).toSeconds());
  }

  private static Duration elapsed(long started) {
    return Duration.ofNanos(System.nanoTime() - started);
  }

  @Test
  void shouldKeepInvariantsOnDisk() {
    Assumptions.assumeTrue(Long.getLong("sluice.seed") == null);
    run(History.of(1_000_003, StoreKind.ROCKSDB));
  }

  private void run(History history) {
    var failure = simulation.run(history);
    if (failure != null) {
      fail(simulation.report(history, failure));
    }
  }
}
