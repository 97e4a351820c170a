package dev.sluice.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.avro.AccessAction;
import dev.sluice.avro.AccessCommand;
import dev.sluice.event.Payload;
import dev.sluice.event.ProductEvent;
import dev.sluice.sim.Model.Access;
import dev.sluice.topology.StateStores;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random histories through the real stages, held against the naive {@link Model} after every event.
 * A failure prints its seed; {@code mvn verify -Dtest=HistoriesTest -Dsluice.seed=42} runs that
 * history alone, and {@code -Dsluice.seeds=5000} runs more of them.
 */
class HistoriesTest {
  private static final int EVENTS = 250;
  private static final Set<Class<?>> ADDING =
      Set.of(
          Payload.ProductPublished.class,
          Payload.ProductUpdated.class,
          Payload.ProductResumed.class,
          Payload.AccessRequested.class,
          Payload.AccessApproved.class);

  static LongStream seeds() {
    var one = Long.getLong("sluice.seed");
    return one != null
        ? LongStream.of(one)
        : LongStream.range(0, Long.getLong("sluice.seeds", 120));
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void shouldKeepInvariantsAfterEveryEvent(long seed) {
    run(seed, StateStores.MEMORY);
  }

  @Test
  void shouldKeepInvariantsOnDisk() {
    Assumptions.assumeTrue(Long.getLong("sluice.seed") == null);
    run(1_000_003, StateStores.ROCKSDB);
  }

  private static void run(long seed, StateStores stores) {
    var histories = new Histories(seed);
    var model = new Model();
    var log = new HashMap<Access, AccessCommand>();
    try (var cluster = new Cluster(1 + (int) (seed % 4), stores)) {
      for (int i = 0; i < EVENTS; i++) {
        var event = histories.next();
        var at = "seed " + seed + ", step " + i + ": " + event;
        var before = model.access();
        var membersBefore = members(model, event.productId());
        var outcome = model.apply(event.productId(), event);
        var step = cluster.publish(event);

        assertThat(step.outcome()).as(at + step.rejections()).isEqualTo(outcome);
        for (var command : step.commands()) {
          alternatesAndRises(at, log, command);
          var concerned =
              membersBefore.contains(command.getUserId())
                  || model.isMember(command.getUserId(), event.productId());
          assertThat(concerned).as("I6 isolation: " + at + command).isTrue();
          assertThat(command.getCauseEventId()).as(at).isEqualTo(event.eventId());
        }
        assertThat(changes(step)).as("I3, I5: " + at).isEqualTo(changes(before, model.access()));
        assertThat(granted(log)).as("I1 convergence: " + at).isEqualTo(model.access());
        addsOnly(at, event, step);
        statuses(at, model, event, outcome, step);
      }
      var sizes = cluster.storeSizes();
      assertThat(sizes.get("memberships"))
          .as("memberships, seed " + seed)
          .isEqualTo(model.memberships());
      assertThat(sizes.get("members")).isEqualTo(model.memberships());
    }
  }

  private static Set<String> members(Model model, String productId) {
    var members = new HashSet<String>();
    for (int u = 0; u < 6; u++) {
      if (model.isMember("u" + u, productId)) {
        members.add("u" + u);
      }
    }
    return members;
  }

  private static void alternatesAndRises(
      String at, Map<Access, AccessCommand> log, AccessCommand command) {
    var pair = new Access(command.getUserId(), command.getSourceId());
    var last = log.put(pair, command);
    var lastAction = last == null ? AccessAction.REVOKE : last.getAction();
    assertThat(command.getAction()).as("I2 alternation: " + at).isNotEqualTo(lastAction);
    assertThat(command.getRevision())
        .as("I7 order: " + at)
        .isGreaterThan(last == null ? 0 : last.getRevision());
  }

  private static Set<String> changes(Cluster.Step step) {
    var changes = new ArrayList<String>();
    step.commands()
        .forEach(c -> changes.add(c.getAction() + " " + c.getUserId() + " " + c.getSourceId()));
    assertThat(changes).doesNotHaveDuplicates();
    return new HashSet<>(changes);
  }

  private static Set<String> changes(Set<Access> before, Set<Access> after) {
    var changes = new HashSet<String>();
    after.stream()
        .filter(a -> !before.contains(a))
        .forEach(a -> changes.add("GRANT " + a.userId() + " " + a.sourceId()));
    before.stream()
        .filter(a -> !after.contains(a))
        .forEach(a -> changes.add("REVOKE " + a.userId() + " " + a.sourceId()));
    return changes;
  }

  private static Set<Access> granted(Map<Access, AccessCommand> log) {
    var granted = new HashSet<Access>();
    log.forEach(
        (pair, command) -> {
          if (command.getAction() == AccessAction.GRANT) {
            granted.add(pair);
          }
        });
    return granted;
  }

  private static void addsOnly(String at, ProductEvent event, Cluster.Step step) {
    if (ADDING.contains(event.payload().getClass())) {
      assertThat(step.commands())
          .as("I4 adding is safe: " + at)
          .noneMatch(c -> c.getAction() == AccessAction.REVOKE);
    }
  }

  private static void statuses(
      String at, Model model, ProductEvent event, String outcome, Cluster.Step step) {
    if (!outcome.equals("applied")) {
      assertThat(step.productStatuses()).as(at).isEmpty();
      assertThat(step.requestStatuses()).as(at).isEmpty();
      assertThat(step.updatesSent()).as(at).isZero();
      return;
    }
    var id = event.productId();
    assertThat(step.productStatuses()).as(at).hasSize(1);
    var status = step.productStatuses().getFirst();
    var product = model.products.get(id);
    assertThat(status.getState().name()).as(at).isEqualTo(product.state);
    assertThat(status.getName()).as(at).isEqualTo(product.name);
    var stats = status.getStats();
    assertThat(stats.getDataSourceCount()).as(at).isEqualTo(product.sources.size());
    assertThat(stats.getPendingRequestCount()).as(at).isEqualTo(model.count(id, "PENDING"));
    assertThat(stats.getApprovedRequestCount()).as(at).isEqualTo(model.count(id, "APPROVED"));
    assertThat(stats.getRevokedRequestCount()).as(at).isEqualTo(model.count(id, "REVOKED"));
    assertThat(stats.getCanceledRequestCount()).as(at).isEqualTo(model.count(id, "CANCELED"));
    assertThat(stats.getDeniedRequestCount()).as(at).isEqualTo(model.count(id, "DENIED"));
    assertThat(stats.getTotalRequestCount()).as(at).isEqualTo(product.requests.size());
    for (var request : step.requestStatuses()) {
      assertThat(request.getState().name())
          .as(at)
          .isEqualTo(product.requests.get(request.getRequestId()).state);
    }
  }
}
