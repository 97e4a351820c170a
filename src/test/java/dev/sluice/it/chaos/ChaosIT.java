package dev.sluice.it.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.sluice.event.Events;
import dev.sluice.event.Payload;
import dev.sluice.event.ProductEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Three workers and a broker that are killed, frozen and told to stop while events come in; when
 * all is quiet, everything is as if nothing had happened.
 *
 * <p>Without more, three faults of different kinds befall them, always the same. {@code mvn verify
 * -Pheavy -Dit.test=ChaosIT -Dchaos.minutes=15} goes on for that long with each protocol; {@code
 * -Dchaos.seed=42} repeats the choice of faults and events, {@code -Dchaos.protocol=streams} runs
 * with that protocol alone; {@code -Dchaos.transactional=true} keeps the state of workers that are
 * killed, {@code -Dchaos.direct=false} has all commands go through Streams' sink. The report is
 * also in target/chaos.json, the logs of the processes are in target/chaos.
 */
@Execution(ExecutionMode.CONCURRENT)
@Tag("heavy")
class ChaosIT {
  private static final double MINUTES =
      Double.parseDouble(System.getProperty("chaos.minutes", "0"));

  /** A build tries what the last one tried; the long form tries something new. */
  private static final long SEED =
      Long.getLong("chaos.seed", MINUTES > 0 ? System.nanoTime() % 1_000_000 : 132);

  private static final Path TARGET = Path.of("target");
  private static final int SHORT_FAULTS = 3;
  private static final int MEMBERS = MINUTES > 0 ? 10_000 : 3_000;
  private static final int EVENTS_PER_SECOND = MINUTES > 0 ? 200 : 100;
  private static final Duration NEAR_END = Duration.ofSeconds(3);
  private static final List<ChaosReport> REPORTS = new ArrayList<>();

  @TempDir private Path folder;

  @Execution(ExecutionMode.SAME_THREAD) // One protocol after the other.
  @ParameterizedTest
  @ValueSource(strings = {"classic", "streams"})
  void shouldGiveTheSameResultAsWithoutFaults(String protocol) throws Exception {
    Assumptions.assumeTrue(protocol(protocol).equals(protocol), "the other one, this time");
    System.out.printf("chaos: seed %d, %s%n", SEED, protocol);
    try (var site =
            new Site(folder, TARGET.resolve("chaos").resolve(protocol), 3, settings(protocol));
        var load = new Load(site.config(), SEED, MINUTES > 0 ? 2 : 1, MEMBERS, EVENTS_PER_SECOND);
        var progress = new Progress(site.config());
        var outcome = new Outcome(site.config())) {
      var faults = new Faults(site, load, progress, SEED);
      load.start();
      Awaitility.await("all members are approved")
          .atMost(Duration.ofMinutes(2))
          .until(() -> load.sent() > MEMBERS);
      var began = System.nanoTime();
      if (MINUTES > 0) {
        faults.forDuration(Duration.ofMillis((long) (MINUTES * 60_000)));
      } else {
        faults.all(some());
      }
      var lastFault = System.nanoTime();
      load.stop();
      outcome.await(faults::supervise);
      var quiet = System.nanoTime();
      var end = Instant.now().plus(NEAR_END);
      approveUntil(load, end);
      // Real time: before the end nothing is to be seen. The next checks wait for evidence.
      Awaitility.await("the end of access is past").until(() -> Instant.now().isAfter(end));
      var truth = outcome.await(faults::supervise);
      var report =
          new ChaosReport(
              SEED,
              protocol,
              (lastFault - began) / 60e9,
              truth.events(),
              truth.rejections().size(),
              outcome.commands(),
              faults.counts(),
              faults.kills(),
              faults.brokerKills(),
              site.workers().stream().mapToLong(w -> w.count("REBALANCING after RUNNING")).sum(),
              faults.startsWithoutBroker(),
              faults.endedUnasked(),
              progress.longestGap().toMillis(),
              progress.longestStall().toMillis(),
              (quiet - lastFault) / 1_000_000);
      tell(report);
      System.out.println("  longest without progress: " + progress.stalled());

      assertThat(outcome.faults(truth)).as("seed " + SEED).isEmpty();
      assertThat(outcome.commands()).isGreaterThan(MEMBERS);
      assertThat(faults.endedUnasked()).as("ended by themselves, seed " + SEED).isEmpty();
      assertThat(site.stopWorkers()).as("stop on SIGTERM").isEmpty();
    }
  }

  /** Without more said, the seed chooses. */
  private static String protocol(String any) {
    var shortOne = SEED % 2 == 0 ? "classic" : "streams";
    return System.getProperty("chaos.protocol", MINUTES > 0 ? any : shortOne);
  }

  private static Map<String, String> settings(String protocol) {
    var settings = new HashMap<String, String>();
    settings.put("group.protocol", protocol);
    settings.put("state.transactional", System.getProperty("chaos.transactional", "false"));
    settings.put("commands.direct.send", System.getProperty("chaos.direct", "true"));
    if (MINUTES <= 0 && !protocol.equals("streams")) {
      settings.put("streams.session.timeout.ms", "6000");
    }
    return settings;
  }

  /** Each of another kind. */
  private static List<Fault> some() {
    var all = new ArrayList<>(List.of(Fault.values()));
    all.remove(Fault.KILL); // the others have it
    Collections.shuffle(all, new Random(SEED));
    return all.subList(0, SHORT_FAULTS);
  }

  /** Access whose end is seen to come. */
  private static void approveUntil(Load load, Instant end) {
    load.send(Events.published("brief", "s1", "s-brief"));
    for (int i = 0; i < 8; i++) {
      load.send(
          new ProductEvent(
              "brief-" + i,
              "brief",
              null,
              Instant.now(),
              "api",
              new Payload.AccessApproved("r" + i, "u" + i, "boss", end)));
    }
    load.flush();
  }

  private static void tell(ChaosReport report) throws IOException {
    REPORTS.add(report);
    System.out.println(report.text());
    var json = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
    Files.write(TARGET.resolve("chaos.json"), json.writeValueAsBytes(REPORTS));
  }
}
