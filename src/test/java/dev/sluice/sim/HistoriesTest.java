package dev.sluice.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.avro.AccessAction;
import dev.sluice.avro.AccessCommand;
import dev.sluice.avro.ProductStatus;
import dev.sluice.avro.RequestStatus;
import dev.sluice.event.Payload;
import dev.sluice.event.ProductEvent;
import dev.sluice.sim.Model.Access;
import dev.sluice.topology.StateStores;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
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
  private static final Instant START = Instant.parse("2026-01-05T09:00:00Z");
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
    try (var cluster = new Cluster(1 + (int) (seed % 4), stores, START)) {
      for (int i = 0; i < EVENTS; i++) {
        var at = "seed " + seed + ", step " + i + ": ";
        if (histories.restarts()) {
          cluster.restart();
        }
        pass(at, histories.jump(), cluster, model, log);
        publish(at, histories.next(cluster.now()), cluster, model, log);
      }
      var sizes = cluster.storeSizes();
      assertThat(sizes)
          .as("what is stored, seed " + seed)
          .containsEntry("memberships", model.memberships())
          .containsEntry("members", model.memberships())
          .containsEntry("requests", model.requests(null))
          .containsEntry(
              "approved-requests", model.requests("APPROVED") + model.requests("EXPIRED"))
          .containsEntry("deletions", 0L);
      assertThat(sizes.get("due")).isLessThanOrEqualTo(3 * model.requests("APPROVED"));
    }
  }

  private static void publish(
      String step,
      ProductEvent event,
      Cluster cluster,
      Model model,
      Map<Access, AccessCommand> log) {
    var at = step + event;
    var before = model.access();
    var membersBefore = members(model, event.productId());
    var outcome = model.apply(event.productId(), event, cluster.now());
    var result = cluster.publish(event);

    assertThat(result.outcome()).as(at + result.rejections()).isEqualTo(outcome);
    for (var command : result.commands()) {
      var concerned =
          membersBefore.contains(command.getUserId())
              || model.isMember(command.getUserId(), event.productId());
      assertThat(concerned).as("I6 isolation: " + at + command).isTrue();
      assertThat(command.getCauseEventId()).as(at).isEqualTo(event.eventId());
    }
    commands(at, before, model, result, log);
    addsOnly(at, event, result, cluster.now());
    statuses(at, model, event, outcome, result);
  }

  /** Time passes. */
  private static void pass(
      String at, Duration jump, Cluster cluster, Model model, Map<Access, AccessCommand> log) {
    if (jump.isZero()) {
      return;
    }
    var before = model.access();
    var expected = model.tick(cluster.now().plus(jump));
    var result = cluster.advance(jump);

    var said = new TreeSet<String>();
    for (var status : result.requestStatuses()) {
      said.add(
          status.getProductId()
              + "/"
              + status.getRequestId()
              + " "
              + (status.getNotice() == null ? status.getState() : status.getNotice()));
      if (!laterToo(result, status)) {
        remains(at, model, status);
      }
    }
    assertThat(said).as(at + jump).isEqualTo(expected);
    assertThat(result.requestStatuses()).as(at).hasSameSizeAs(said);
    assertThat(result.commands())
        .as(at)
        .allMatch(c -> c.getReason().name().equals("ACCESS_EXPIRED"))
        .allMatch(c -> c.getCauseEventId().startsWith("expiry:"));
    commands(at, before, model, result, log);
    result.productStatuses().forEach(status -> counters(at, model, status));
  }

  /** Whether another request of the user for the product expired after this one, in one jump. */
  private static boolean laterToo(Cluster.Step result, RequestStatus status) {
    var all = result.requestStatuses();
    return all.subList(all.indexOf(status) + 1, all.size()).stream()
        .anyMatch(
            other ->
                other.getNotice() == null
                    && other.getProductId().equals(status.getProductId())
                    && other.getUserId().equals(status.getUserId()));
  }

  private static void commands(
      String at,
      Set<Access> before,
      Model model,
      Cluster.Step result,
      Map<Access, AccessCommand> log) {
    result.commands().forEach(command -> alternatesAndRises(at, log, command));
    assertThat(changes(result)).as("I3, I5: " + at).isEqualTo(changes(before, model.access()));
    assertThat(granted(log)).as("I1 convergence: " + at).isEqualTo(model.access());
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

  /** To approve until an end that is past is to end. */
  private static boolean endsAccess(ProductEvent event, Instant now) {
    return event.payload() instanceof Payload.AccessApproved approved
        && approved.expiresAt() != null
        && !approved.expiresAt().isAfter(now);
  }

  private static void addsOnly(String at, ProductEvent event, Cluster.Step step, Instant now) {
    if (ADDING.contains(event.payload().getClass()) && !endsAccess(event, now)) {
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
    // A second one where a deletion finds that the clock had come by a request's end, or had not.
    assertThat(step.productStatuses())
        .as(at)
        .hasSizeBetween(1, event.payload() instanceof Payload.ProductDeleted ? 2 : 1);
    var status = step.productStatuses().getLast();
    var product = model.products.get(id);
    assertThat(status.getState().name()).as(at).isEqualTo(product.state);
    assertThat(status.getName()).as(at).isEqualTo(product.name);
    counters(at, model, status);
    for (var request : step.requestStatuses()) {
      assertThat(request.getState().name())
          .as(at)
          .isEqualTo(model.state(id, request.getRequestId()));
      remains(at, model, request);
    }
  }

  private static void remains(String at, Model model, RequestStatus status) {
    var over = !List.of("PENDING", "APPROVED").contains(status.getState().name());
    var deleted = model.products.get(status.getProductId()).state.equals("DELETED");
    assertThat(status.getAccessRemains())
        .as(at + status)
        .isEqualTo(over && !deleted && model.isMember(status.getUserId(), status.getProductId()));
  }

  private static void counters(String at, Model model, ProductStatus status) {
    var id = status.getProductId();
    var stats = status.getStats();
    var product = model.products.get(id);
    assertThat(stats.getDataSourceCount()).as(at).isEqualTo(product.sources.size());
    assertThat(stats.getPendingRequestCount()).as(at).isEqualTo(model.count(id, "PENDING"));
    assertThat(stats.getApprovedRequestCount()).as(at).isEqualTo(model.count(id, "APPROVED"));
    assertThat(stats.getRevokedRequestCount()).as(at).isEqualTo(model.count(id, "REVOKED"));
    assertThat(stats.getCanceledRequestCount()).as(at).isEqualTo(model.count(id, "CANCELED"));
    assertThat(stats.getDeniedRequestCount()).as(at).isEqualTo(model.count(id, "DENIED"));
    assertThat(stats.getExpiredRequestCount()).as(at).isEqualTo(model.count(id, "EXPIRED"));
    assertThat(stats.getTotalRequestCount()).as(at).isEqualTo(product.requests.size());
  }
}
