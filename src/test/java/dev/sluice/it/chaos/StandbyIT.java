package dev.sluice.it.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.config.SluiceConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Two workers of which each keeps a standby of the other's state: the work goes on from there when
 * one is killed, whose own state is dropped when it comes back (or used again, where it holds
 * nothing that was not committed); and when the other is told to stop, from the standbys that were
 * restored meanwhile.
 */
@Execution(ExecutionMode.CONCURRENT)
@Tag("heavy")
class StandbyIT {
  private static final Duration TIMEOUT = Duration.ofSeconds(120);
  private static final int MEMBERS = 3_000;
  private static final int EVENTS_PER_SECOND = 100;
  private static final int TASKS = 12;
  private static final Pattern RESTORED = Pattern.compile("restored (\\d+) records of chaos-");
  private static final String PROMOTED = ": PROMOTED";

  @TempDir private Path folder;

  @Execution(ExecutionMode.SAME_THREAD) // One after the other.
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void shouldContinueFromTheStandbyAfterAKillAndHandOverAtAStop(boolean transactional)
      throws Exception {
    var logs = Path.of("target", "chaos", transactional ? "standby-transactional" : "standby");
    var settings =
        Map.of(
            "state.transactional",
            Boolean.toString(transactional),
            "streams.num.standby.replicas",
            "1",
            // One that is killed is soon missed, and so is its transaction.
            "streams.session.timeout.ms",
            "6000",
            "streams.producer.transaction.timeout.ms",
            "6000");
    try (var site = new Site(folder, logs, 2, settings);
        var load = new Load(site.config(), 1, 1, MEMBERS, EVENTS_PER_SECOND);
        var progress = new Progress(site.config());
        var outcome = new Outcome(site.config())) {
      var first = site.workers().getFirst();
      var second = site.workers().getLast();
      load.start();
      Awaitility.await("all members are approved")
          .atMost(TIMEOUT)
          .until(() -> load.sent() > MEMBERS + 5 * EVENTS_PER_SECOND);
      Awaitility.await("each worker has all state")
          .atMost(TIMEOUT)
          .until(() -> tasks(site, first).size() == TASKS && tasks(site, second).size() == TASKS);
      awaitMoving(progress);

      progress.reset();
      var before = second.linesSinceStart().size();
      first.kill();
      awaitMoving(progress);
      var gapOfKill = progress.longestStall();
      var said = second.linesSinceStart();
      var after = said.subList(before, said.size());
      var changelogs = changelogRecords(site.config());
      var restored = restored(after);
      assertThat(after.stream().filter(l -> l.contains(PROMOTED))).as("standbys").isNotEmpty();
      assertThat(restored).as("of %d records", changelogs).isLessThan(changelogs / 5);

      first.start();
      Site.await(first, Site.RUNNING);
      assertThat(first.hasSaid("its state there is removed"))
          .as("of a killed one")
          .isEqualTo(!transactional);
      assertThat(first.hasSaid("its state there is reused")).isEqualTo(transactional);
      Awaitility.await("the first one has all state again")
          .atMost(TIMEOUT)
          .until(() -> tasks(site, first).size() == TASKS);
      awaitMoving(progress);
      progress.reset();
      second.stop();
      assertThat(second.awaitEnd(Site.STOP_SECONDS_MAX)).as("stops on SIGTERM").isTrue();
      awaitMoving(progress);
      var gapOfStop = progress.longestStall();
      assertThat(first.hasSaid(PROMOTED)).as("standbys").isTrue();
      load.stop();
      var truth = outcome.await(() -> {});

      System.out.printf(
          "standby: the longest wait of a partition %.1f s when a worker was killed, %.1f s when it"
              + " was told to stop; %d records restored of %d in the changelogs%n",
          gapOfKill.toMillis() / 1e3, gapOfStop.toMillis() / 1e3, restored, changelogs);
      assertThat(outcome.faults(truth)).isEmpty();
      assertThat(first.isAlive()).isTrue();
    }
  }

  /** Waits until each partition has processed input that came after the call. */
  private static void awaitMoving(Progress progress) throws Exception {
    var before = progress.inputEnds();
    Awaitility.await("all partitions move").atMost(TIMEOUT).until(() -> progress.isBeyond(before));
  }

  /** The tasks of which the worker has state on its disk. */
  private static TreeSet<String> tasks(Site site, Jvm worker) throws IOException {
    var state = site.data(worker.name()).resolve("state").resolve("chaos");
    try (var folders = Files.list(state)) {
      return folders
          .filter(folder -> Files.isDirectory(folder.resolve("rocksdb")))
          .map(folder -> folder.getFileName().toString())
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  private static long restored(List<String> lines) {
    return lines.stream()
        .map(RESTORED::matcher)
        .filter(Matcher::find)
        .mapToLong(found -> Long.parseLong(found.group(1)))
        .sum();
  }

  private static long changelogRecords(SluiceConfig config) throws Exception {
    try (var admin = Admin.create(config.clientConfig())) {
      var names =
          admin.listTopics().names().get().stream().filter(t -> t.endsWith("-changelog")).toList();
      var ends =
          admin.describeTopics(names).allTopicNames().get().values().stream()
              .flatMap(
                  topic ->
                      topic.partitions().stream()
                          .map(p -> new TopicPartition(topic.name(), p.partition())))
              .collect(Collectors.toMap(p -> p, p -> OffsetSpec.latest()));
      return admin.listOffsets(ends).all().get().values().stream()
          .mapToLong(info -> info.offset())
          .sum();
    }
  }
}
