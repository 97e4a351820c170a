package dev.sluice.sim;

import static dev.sluice.event.Events.approved;
import static dev.sluice.event.Events.approvedUntil;
import static dev.sluice.event.Events.canceled;
import static dev.sluice.event.Events.deleted;
import static dev.sluice.event.Events.denied;
import static dev.sluice.event.Events.determined;
import static dev.sluice.event.Events.published;
import static dev.sluice.event.Events.replaced;
import static dev.sluice.event.Events.requested;
import static dev.sluice.event.Events.requestedAcknowledging;
import static dev.sluice.event.Events.revoked;
import static dev.sluice.event.Events.sequenced;
import static dev.sluice.event.Events.suspended;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.avro.AccessAction;
import dev.sluice.avro.AccessCommand;
import dev.sluice.avro.internal.StoredSweep;
import dev.sluice.event.Agreement;
import dev.sluice.event.ApprovalPolicy;
import dev.sluice.event.ApprovalPolicy.Approver;
import dev.sluice.event.ApprovalPolicy.Stage;
import dev.sluice.event.Events;
import dev.sluice.event.Expert;
import dev.sluice.event.Payload;
import dev.sluice.event.ProductEvent;
import dev.sluice.serde.SingleObjectSerde;
import dev.sluice.sim.Model.Access;
import dev.sluice.sim.UpgradeFixture.Granted;
import dev.sluice.streams.StoreKind;
import dev.sluice.streams.SweepScheduling;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Writes the {@link UpgradeFixture} of the version at hand: {@code mvn test
 * -Dtest=UpgradeFixtureWriter -Dsluice.fixture.write=2}. One that is there stays as it is.
 */
class UpgradeFixtureWriter {
  static final int PARTITIONS = 2;
  private static final Instant NOW = Instant.parse("2026-01-05T12:00:00Z");

  /** More than are removed in one go. */
  private static final int DELETED_REQUESTS = 2_003;

  private static final SingleObjectSerde<StoredSweep> SWEEPS =
      new SingleObjectSerde<>(StoredSweep.class);

  private final Cluster cluster =
      new Cluster(PARTITIONS, StoreKind.MEMORY, SweepScheduling.byMember(), NOW);
  private final List<String> history = new ArrayList<>();
  private final Map<Access, AccessCommand> log = new HashMap<>();

  @Test
  @EnabledIfSystemProperty(named = "sluice.fixture.write", matches = "[1-9][0-9]*")
  void shouldWriteTheFixtureOfThisVersion() {
    try (cluster) {
      active();
      oneIdUnderTwoTypes();
      suspendedWithMembers();
      temporary();
      beingDeleted();
      inMidSweep();
      var updates = new ArrayList<StoredState.Entry>();
      for (var event :
          List.of(
              approved("p2", "r20", "u6"),
              approved("p3", "r36", "u6"),
              replaced("p4", "s1", "s2", "s7"))) {
        history.add(UpgradeFixture.text(event));
        cluster
            .publishOnly(event)
            .forEach(r -> updates.add(StoredState.Entry.of(r.key(), r.value())));
      }
      var fixture =
          new UpgradeFixture(NOW.toString(), history, granted(), cluster.stored(), updates);
      fixture
          .stored()
          .forEach(
              part -> part.stores().forEach((name, all) -> assertThat(all).as(name).isNotEmpty()));
      assertThat(updates).isNotEmpty();
      for (var part : fixture.stored().subList(1, 1 + PARTITIONS)) {
        assertThat(part.stores().get("sweeps"))
            .as("several stretches")
            .anyMatch(
                e ->
                    SWEEPS.deserializer().deserialize("", e.valueBytes()).getStretches().size()
                        > 1);
        assertThat(part.stores().get("members"))
            .as("some settled ahead, some not")
            .anyMatch(e -> e.valueBytes().length > 0)
            .anyMatch(e -> e.valueBytes().length == 0);
      }
      fixture.write(Integer.getInteger("sluice.fixture.write"));
    }
  }

  private void put(ProductEvent event) {
    history.add(UpgradeFixture.text(event));
    var step = cluster.publish(event);
    assertThat(step.outcome()).as(event.toString()).isEqualTo("applied");
    take(step.commands());
  }

  private void take(List<AccessCommand> commands) {
    commands.forEach(c -> log.put(Access.of(c), c));
  }

  private List<Granted> granted() {
    return log.values().stream()
        .filter(c -> c.getAction() == AccessAction.GRANT)
        .map(c -> new Granted(c.getUserId(), c.getSourceId(), c.getSourceType(), c.getRevision()))
        .toList();
  }

  /** Requests in every state, one of them at its second stage, under a policy with all there is. */
  private void active() {
    var policy =
        new ApprovalPolicy(
            "7",
            List.of("daa"),
            "as the law has it",
            List.of(
                new Stage("owner", List.of(new Approver("USER", "boss", "The Boss"))),
                new Stage(null, List.of(new Approver("USER", "boss", null)))));
    put(
        sequenced(
            3,
            Events.event(
                "p1",
                "p1",
                new Payload.ProductPublished(
                    "Söles",
                    "All that is sold",
                    List.of("sales", "eu"),
                    List.of(
                        Events.source("s1"),
                        Events.source("s2"),
                        Events.source("d1", "Databricks")),
                    policy,
                    List.of(new Agreement("dua", "Fair use")),
                    new Expert("u9", "nine")))));
    put(requestedAcknowledging("p1", "r1", "u1"));
    put(requestedAcknowledging("p1", "r2", "u2"));
    put(Events.withId("d-r2", determined("p1", "r2", Payload.Decision.APPROVE)));
    put(requestedAcknowledging("p1", "r3", "u3"));
    put(denied("p1", "r3"));
    put(requestedAcknowledging("p1", "r4", "u4"));
    put(canceled("p1", "r4"));
    put(approved("p1", "r5", "u5"));
    put(revoked("p1", "r5", "u5"));
    put(approvedUntil("p1", "r6", "u5", NOW.minusSeconds(60)));
    for (int u = 0; u < 5; u++) {
      put(approved("p1", "r1" + u, "u" + u));
    }
  }

  private void suspendedWithMembers() {
    put(published("p2", "s2", "s3"));
    put(approved("p2", "r21", "u0"));
    put(approved("p2", "r22", "u1"));
    put(approved("p2", "r23", "u4"));
    put(suspended("p2"));
  }

  private void temporary() {
    put(published("p4", "s1", "s6"));
    put(approvedUntil("p4", "r30", "u1", NOW.plus(Duration.ofHours(1))));
    put(approvedUntil("p4", "r31", "u2", NOW.plus(Duration.ofDays(10))));
    put(approvedUntil("p4", "r32", "u5", NOW.plus(Duration.ofDays(3))));
  }

  /** Beside s1 and s2 of another type, which p1 and p2 give the same users. */
  private void oneIdUnderTwoTypes() {
    put(
        published(
            "p5",
            List.of(
                Events.source("s1", "Databricks"),
                Events.source("s2", "Databricks"),
                Events.source("s2"))));
    for (int u = 0; u < 6; u++) {
      put(approved("p5", "r5" + u, "u" + u));
    }
    put(replaced("p5", List.of(Events.source("s2", "Databricks"), Events.source("s2"))));
    for (int i = 0; i < 6; i++) {
      tick();
    }
  }

  /** Writes a product during its deletion. The history lacks requests removed by then. */
  private void beingDeleted() {
    put(Events.published("p0", Events.sources("s1", "s7"), Events.policy("one")));
    for (int i = 0; i < DELETED_REQUESTS; i++) {
      cluster.publish(requested("p0", "a%04d".formatted(i), "u1"));
    }
    for (int u = 0; u < 6; u++) {
      put(approved("p0", "z" + u, "u" + u));
    }
    put(deleted("p0", "over"));
  }

  /** Two revisions spread, some members are done, and some were settled ahead. */
  private void inMidSweep() {
    put(published("p3", "s1", "s4"));
    for (int u = 0; u < 30; u++) {
      put(approved("p3", "r4" + u, "u" + u));
    }
    put(replaced("p3", "s4", "s5"));
    tick();
    put(Events.withId("again", replaced("p3", "s5", "s6")));
    tick();
    for (var user : List.of("u20", "u21", "u8", "u9")) {
      put(approved("p1", "late-" + user, user));
    }
  }

  private void tick() {
    for (int p = 0; p < PARTITIONS; p++) {
      take(cluster.tick(p));
    }
  }
}
