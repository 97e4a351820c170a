package dev.sluice.it.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * One worker that is killed, and started again on the state that it left. With state.transactional
 * it restores only what RocksDB had not yet written to disk, which is bounded by
 * state.memory.bytes; else it restores everything.
 */
@Execution(ExecutionMode.CONCURRENT)
@Tag("heavy")
class KilledStateIT {
  private static final Duration TIMEOUT = Duration.ofSeconds(180);
  private static final int MEMBERS = Integer.getInteger("killed.members", 30_000);
  private static final int EVENTS_PER_SECOND = 100;
  private static final Pattern RESTORED = Pattern.compile("restored (\\d+) records of chaos-");

  @TempDir private Path folder;

  @Execution(ExecutionMode.SAME_THREAD) // One after the other.
  @ParameterizedTest
  @CsvSource({"classic,false", "classic,true", "streams,true"})
  void shouldRestoreOnlyWhatTheKilledWorkersStateLacks(String protocol, boolean transactional)
      throws Exception {
    var logs = Path.of("target", "chaos", "killed-" + protocol + "-" + transactional);
    var settings =
        Map.of(
            "group.protocol",
            protocol,
            "state.transactional",
            Boolean.toString(transactional),
            // Small enough for RocksDB to write files while members join.
            "state.memory.bytes",
            String.valueOf(16 << 20),
            "streams.producer.transaction.timeout.ms",
            "6000");
    try (var site = new Site(folder, logs, 1, settings);
        var load = new Load(site.config(), 1, 1, MEMBERS, EVENTS_PER_SECOND);
        var outcome = new Outcome(site.config())) {
      var worker = site.workers().getFirst();
      load.start();
      Awaitility.await("all members are approved")
          .atMost(TIMEOUT)
          .until(() -> load.sent() > MEMBERS + 5 * EVENTS_PER_SECOND);
      load.stop();
      var truth = outcome.await(() -> {});
      worker.kill();

      var began = System.nanoTime();
      worker.start();
      Site.await(worker, Site.RUNNING);
      var seconds = (System.nanoTime() - began) / 1e9;
      var restored = restored(worker.linesSinceStart());
      System.out.printf(
          "killed: %s, transactional %s: runs after %.1f s, %d records restored%n",
          protocol, transactional, seconds, restored);

      assertThat(outcome.faults(truth)).isEmpty();
      assertThat(worker.hasSaid("its state there is reused")).isEqualTo(transactional);
      if (transactional) {
        assertThat(restored).as("records for %d memberships", MEMBERS).isLessThan(2 * MEMBERS);
      } else {
        assertThat(restored).isGreaterThan(4 * MEMBERS);
      }
    }
  }

  private static long restored(List<String> lines) {
    return lines.stream()
        .map(RESTORED::matcher)
        .filter(Matcher::find)
        .mapToLong(found -> Long.parseLong(found.group(1)))
        .sum();
  }
}
