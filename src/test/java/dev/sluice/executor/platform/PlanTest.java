package dev.sluice.executor.platform;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.delivery.Command;
import dev.sluice.delivery.CommandAction;
import dev.sluice.delivery.CommandNumber;
import dev.sluice.delivery.Result;
import dev.sluice.delivery.ResultOutcome;
import dev.sluice.executor.Backoff;
import dev.sluice.executor.BrakeLimits;
import dev.sluice.executor.ExecutorRules;
import dev.sluice.executor.jdbc.JdbcPlatforms;
import dev.sluice.update.SourceRef;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PlanTest {
  private static final int REVOKES_MAX = 2_000;

  private final List<Plan.Planned> steps = new ArrayList<>();

  private static Plan plan() {
    var target =
        JdbcPlatforms.all()
            .getFirst()
            .open(
                new TargetSettings(
                    "",
                    null,
                    null,
                    false,
                    false,
                    true,
                    Duration.ofSeconds(30),
                    PlanTest.class.getClassLoader(),
                    Map.of()));
    var names =
        new Names(
            new Names.Templates(
                NameTemplate.of("{sourceId}", "sourceId", LetterCase.EXACT),
                NameTemplate.of("{userId}", "userId", LetterCase.EXACT),
                null),
            null,
            CaseRule.EXACT);
    return new Plan(
        target,
        names,
        new ExecutorRules(
            3,
            new Backoff(1, 1),
            1,
            1,
            2_000,
            new BrakeLimits(REVOKES_MAX, 0, 0, 60_000),
            BrakeLimits.OFF,
            false,
            "plan"));
  }

  private static Command command(CommandAction action, String user, long revision, String reason) {
    return new Command(
        user,
        new SourceRef("s.t", "PostgreSQL"),
        action,
        new CommandNumber(0, revision),
        "p",
        reason,
        0);
  }

  private List<Result> run(Plan plan) {
    return plan.run(steps::add);
  }

  @Test
  void shouldPlanTheNewestCommandsInBatches() {
    var plan = plan();
    for (int i = 1; i <= 4; i++) {
      plan.add(command(CommandAction.GRANT, "u" + i, i, "ACCESS_APPROVED"));
    }
    plan.add(command(CommandAction.REVOKE, "u1", 5, "SOURCE_REMOVED"));
    plan.add(command(CommandAction.GRANT, "pg_x", 6, "ACCESS_APPROVED"));

    assertThat(run(plan)).singleElement().satisfies(r -> assertThat(r.userId()).isEqualTo("pg_x"));
    assertThat(steps).hasSize(2);
    assertThat(steps.stream().map(step -> step.statements().getLast().sql()))
        .containsExactlyInAnyOrder(
            "GRANT SELECT ON TABLE \"s\".\"t\" TO \"u2\", \"u3\", \"u4\"",
            "REVOKE SELECT ON TABLE \"s\".\"t\" FROM \"u1\"");
  }

  /** More than the brake decides about at once. */
  @Test
  void shouldShowWhatTheBrakeWouldHold() {
    var plan = plan();
    for (int i = 1; i <= REVOKES_MAX + 500; i++) {
      plan.add(command(CommandAction.REVOKE, "u" + i, i, "PRODUCT_DELETED"));
    }

    assertThat(run(plan))
        .hasSize(REVOKES_MAX + 500)
        .allSatisfy(r -> assertThat(r.outcome()).isEqualTo(ResultOutcome.HELD));
    assertThat(steps).isEmpty();
  }
}
