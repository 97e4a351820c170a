package dev.sluice.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import dev.sluice.health.HealthPart.Part;
import dev.sluice.offsets.InputLag.Input;
import dev.sluice.offsets.InputLag.Lag;
import dev.sluice.worker.WorkerStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.kafka.streams.KafkaStreams.State;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class HealthTest {
  private static final Instant START = Instant.parse("2026-01-05T09:00:00Z");
  private static final Map<Input, Lag> NO_LAG = Map.of(Input.EVENTS, Lag.NONE);
  private static final WorkerStatus WELL = vitals(State.RUNNING, "RUNNING", 0, 0, null);

  private final HealthRules healthRules =
      new HealthRules(100, Duration.ofSeconds(15), Duration.ofMinutes(10));

  private static WorkerStatus vitals(
      State state, String thread, int restoring, double sincePoll, @Nullable String failure) {
    return new WorkerStatus(
        state,
        List.of(new WorkerStatus.Thread(thread, 3, 0), new WorkerStatus.Thread("RUNNING", 3, 0)),
        restoring,
        restoring * 1000L,
        sincePoll,
        null,
        failure,
        null);
  }

  @Test
  void shouldNotBeReadyBetweenTwoDeathsOfAThread() {
    var between =
        new WorkerStatus(
            State.RUNNING,
            List.of(new WorkerStatus.Thread("RUNNING", 3, 0)),
            0,
            0,
            0,
            null,
            null,
            "a thread failed (2 of 5 tries): product p1 goes back");

    assertThat(wrong(between, NO_LAG))
        .containsExactly("RUNNING: a thread failed (2 of 5 tries): product p1 goes back");
    assertThat(healthRules.isAlive(between, NO_LAG)).isTrue();
  }

  @Test
  void shouldSayWhatAThreadWaitsFor() {
    var waiting =
        new WorkerStatus(
            State.RUNNING, WELL.threads(), 0, 0, 0, "schema id 7 is not there", null, null);

    assertThat(wrong(waiting, NO_LAG)).isEmpty();
    assertThat(healthRules.of(waiting, NO_LAG).getFirst().text())
        .isEqualTo("2 threads; one is waiting: schema id 7 is not there");
  }

  private List<String> wrong(@Nullable WorkerStatus workerStatus, @Nullable Map<Input, Lag> lags) {
    return healthRules.of(workerStatus, lags).stream()
        .filter(healthPart -> !healthPart.ok())
        .map(healthPart -> healthPart.part() + ": " + healthPart.text())
        .toList();
  }

  @Test
  void shouldFindNothingWrongWithAWorkerThatRunsAndKeepsUp() {
    assertThat(wrong(WELL, NO_LAG)).isEmpty();
    assertThat(wrong(WELL, Map.of())).isEmpty();
    assertThat(healthRules.isAlive(WELL, NO_LAG)).isTrue();
  }

  @Test
  void shouldSayThatAWorkerIsStarting() {
    assertThat(wrong(null, null)).hasSize(4).first().isEqualTo("RUNNING: the worker is starting");
    assertThat(healthRules.isAlive(null, NO_LAG)).isTrue();
  }

  @Test
  void shouldSayHowMuchIsToBeRestored() {
    var workerStatus = vitals(State.REBALANCING, "PARTITIONS_ASSIGNED", 2, 0, null);

    assertThat(wrong(workerStatus, NO_LAG))
        .containsExactly("RESTORED: 2 stores to restore, at most 2,000 records left");
    assertThat(healthRules.isAlive(workerStatus, NO_LAG)).isTrue();
  }

  @Test
  void shouldSayThatPartitionsAreBeingSharedOut() {
    assertThat(wrong(vitals(State.REBALANCING, "PARTITIONS_REVOKED", 0, 0, null), NO_LAG))
        .containsExactly("ASSIGNED: the workers are assigning partitions", "RESTORED: not yet");
  }

  @Test
  void shouldSayHowMuchInputIsLeftWhereItIsTooMuch() {
    var lags = Map.of(Input.EVENTS, new Lag(60, 3, true), Input.UPDATES, new Lag(41, 3, true));

    assertThat(wrong(WELL, lags))
        .containsExactly("LAG: 101 records to process; at most 100 in a worker that is ready");
    assertThat(wrong(WELL, Map.of(Input.EVENTS, new Lag(100, 3, true)))).isEmpty();
  }

  @Test
  void shouldNotBeReadyWhileTheLagIsNotKnown() {
    assertThat(wrong(WELL, null))
        .containsExactly("LAG: unknown: Kafka does not answer, or has not yet");
  }

  @Test
  void shouldBeDeadOnceTheWorkerGaveUpOrAThreadHangs() {
    assertThat(healthRules.isAlive(vitals(State.RUNNING, "RUNNING", 0, 0, "no rights"), NO_LAG))
        .isFalse();
    assertThat(healthRules.isAlive(vitals(State.ERROR, "DEAD", 0, 0, null), NO_LAG)).isFalse();
    assertThat(healthRules.isAlive(vitals(State.RUNNING, "RUNNING", 0, 599, null), NO_LAG))
        .isTrue();
    assertThat(healthRules.isAlive(vitals(State.RUNNING, "RUNNING", 0, 601, null), NO_LAG))
        .isFalse();
    assertThat(wrong(vitals(State.RUNNING, "RUNNING", 0, 601, null), NO_LAG))
        .containsExactly("RUNNING: a thread has not polled for input for 601 s");
  }

  @Test
  void shouldOutliveAnOutageOfKafkaHoweverLong() {
    assertThat(healthRules.isAlive(vitals(State.RUNNING, "RUNNING", 0, 6_000, null), null))
        .isTrue();
    assertThat(healthRules.isAlive(vitals(State.ERROR, "DEAD", 0, 6_000, null), null)).isFalse();
  }

  @Test
  void shouldNotBeReadyButAliveWhileAThreadWaitsForLong() {
    assertThat(wrong(vitals(State.RUNNING, "RUNNING", 0, 15, null), NO_LAG)).isEmpty();

    var waiting = vitals(State.RUNNING, "RUNNING", 0, 17, null);

    assertThat(wrong(waiting, NO_LAG))
        .containsExactly("RUNNING: a thread has not polled for input for 17 s");
    assertThat(healthRules.isAlive(waiting, NO_LAG)).isTrue();
  }

  @Test
  void shouldRememberSinceWhenEachPartIsAsItIs() {
    var now = new Instant[] {START};
    var health = new Health(healthRules, () -> now[0]);
    now[0] = START.plusSeconds(5);
    health.judge(true, healthRules.of(WELL, null));
    now[0] = START.plusSeconds(9);
    health.judge(true, healthRules.of(WELL, NO_LAG));
    now[0] = START.plusSeconds(20);

    var report =
        health.judge(true, healthRules.of(WELL, Map.of(Input.EVENTS, new Lag(500, 1, true))));

    assertThat(report.isReady()).isFalse();
    assertThat(report.parts())
        .extracting(s -> s.check().part(), s -> s.check().ok(), Health.Standing::since)
        .containsExactly(
            tuple(Part.RUNNING, true, START.plusSeconds(5)),
            tuple(Part.ASSIGNED, true, START.plusSeconds(5)),
            tuple(Part.RESTORED, true, START.plusSeconds(5)),
            tuple(Part.LAG, false, START.plusSeconds(20)));
  }
}
