package dev.sluice.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.avro.AccessAction;
import dev.sluice.avro.AccessCommand;
import dev.sluice.event.DataSource;
import dev.sluice.event.Events;
import dev.sluice.query.model.ApiModel;
import dev.sluice.query.model.ApiModel.CommandView;
import dev.sluice.query.model.ApiModel.Outcome;
import dev.sluice.sim.Cluster;
import dev.sluice.sim.Histories;
import dev.sluice.streams.StoreKind;
import dev.sluice.update.SourceRef;
import dev.sluice.user.UserEvents;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Compares a preview with the real effect of the event after it. */
@Execution(ExecutionMode.CONCURRENT) // each seed has a cluster of its own
class PreviewTest {
  private static final Instant START = Instant.parse("2026-01-05T09:00:00Z");
  private static final int BEFORE = 60;
  private static final int PREVIEWED = 12;

  static LongStream seeds() {
    return LongStream.range(0, 200);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void shouldPreviewTheRealEffectWithoutAChange(long seed) {
    var histories = new Histories(seed);
    var random = new Random(seed);
    var people = new Random(43 * seed + 1);
    var deactivated = new HashSet<String>();
    try (var cluster = new Cluster(1 + random.nextInt(3), StoreKind.MEMORY, START)) {
      for (int i = 0; i < BEFORE; i++) {
        cluster.advance(histories.jump());
        cluster.publish(histories.next(cluster.now()));
        if (people.nextInt(6) == 0) {
          turn(cluster, deactivated, "u" + people.nextInt(6));
        }
      }
      for (int i = 0; i < PREVIEWED; i++) {
        var event = histories.next(cluster.now());
        var before = cluster.storeSizes();

        var preview = ClusterShards.questions(cluster).preview(event, cluster.now().toEpochMilli());

        assertThat(cluster.storeSizes()).isEqualTo(before);
        var step = cluster.publish(event);
        assertThat(preview.outcome()).isEqualTo(outcome(step.outcome()));
        if (preview.outcome() == Outcome.REJECTED) {
          assertThat(preview.message()).isEqualTo(step.rejections().getFirst());
        }
        assertThat(preview.complete()).isTrue();
        assertThat(preview.grants().first())
            .containsExactlyInAnyOrderElementsOf(views(step.commands(), AccessAction.GRANT));
        assertThat(preview.revokes().first())
            .containsExactlyInAnyOrderElementsOf(views(step.commands(), AccessAction.REVOKE));
        assertThat(preview.grants().count()).isEqualTo(preview.grants().first().size());
        assertThat(preview.revokes().count()).isEqualTo(preview.revokes().first().size());
        assertThat(preview.users().count())
            .isEqualTo(step.commands().stream().map(AccessCommand::getUserId).distinct().count());
        assertThat(preview.sources().first())
            .containsExactlyElementsOf(
                step.commands().stream()
                    .map(c -> new SourceRef(c.getSourceId(), c.getSourceType()))
                    .distinct()
                    .sorted()
                    .map(s -> new DataSource(s.sourceId(), s.sourceType()))
                    .toList());
      }
    }
  }

  private static List<AccessCommand> turn(Cluster cluster, Set<String> deactivated, String userId) {
    var active = deactivated.remove(userId);
    if (!active) {
      deactivated.add(userId);
    }
    return cluster.turn(userId, active);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void shouldPreviewTheDeactivationOfAUser(long seed) {
    var histories = new Histories(seed);
    var deactivated = new HashSet<String>();
    try (var cluster = new Cluster(2, StoreKind.MEMORY, START)) {
      for (int i = 0; i < BEFORE; i++) {
        cluster.publish(histories.next(cluster.now()));
        var user = "u" + i % 6;
        var active = deactivated.contains(user);
        var event = active ? UserEvents.reactivated(user) : UserEvents.deactivated(user);
        var questions = ClusterShards.questions(cluster);

        var preview = questions.preview(event, cluster.now().toEpochMilli());
        var commands = turn(cluster, deactivated, user);

        assertThat(preview.outcome()).isEqualTo(Outcome.APPLIED);
        assertThat(preview.grants().first())
            .containsExactlyInAnyOrderElementsOf(views(commands, AccessAction.GRANT));
        assertThat(preview.revokes().first())
            .containsExactlyInAnyOrderElementsOf(views(commands, AccessAction.REVOKE));
        assertThat(questions.preview(event, cluster.now().toEpochMilli()).outcome())
            .isEqualTo(Outcome.NO_OP);
      }
    }
  }

  private static Outcome outcome(String outcome) {
    return switch (outcome) {
      case "applied", "no_op", "duplicate" -> Outcome.valueOf(outcome.toUpperCase(Locale.ROOT));
      default -> Outcome.REJECTED;
    };
  }

  private static List<CommandView> views(List<AccessCommand> commands, AccessAction action) {
    return commands.stream()
        .filter(c -> c.getAction() == action)
        .map(
            c ->
                new CommandView(
                    c.getUserId(),
                    c.getSourceId(),
                    c.getSourceType(),
                    c.getProductId(),
                    dev.sluice.update.CommandReason.valueOf(c.getReason().name())))
        .toList();
  }

  @Test
  void shouldCountAllAndListTheFirstHundredOfALargeProduct() {
    try (var cluster = new Cluster(3, StoreKind.MEMORY, START)) {
      cluster.publish(Events.published("p1", "s1", "s2"));
      for (int i = 0; i < 150; i++) {
        cluster.publish(Events.approved("p1", "r" + i, "u" + i));
      }

      var preview =
          ClusterShards.questions(cluster).preview(Events.suspended("p1"), START.toEpochMilli());

      assertThat(preview.revokes().count()).isEqualTo(300);
      assertThat(preview.revokes().first()).hasSize(100);
      assertThat(preview.users().count()).isEqualTo(150);
      assertThat(preview.sources().first()).containsExactlyElementsOf(Events.sources("s1", "s2"));
      assertThat(preview.grants()).isEqualTo(new ApiModel.Commands(0, List.of()));
    }
  }
}
