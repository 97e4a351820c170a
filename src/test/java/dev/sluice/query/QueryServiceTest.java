package dev.sluice.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.avro.AccessAction;
import dev.sluice.avro.AccessCommand;
import dev.sluice.event.Events;
import dev.sluice.product.ProductState;
import dev.sluice.query.model.ApiModel;
import dev.sluice.query.model.ApiModel.Block;
import dev.sluice.query.model.ApiModel.Page;
import dev.sluice.query.model.Cursor;
import dev.sluice.sim.Cluster;
import dev.sluice.sim.Histories;
import dev.sluice.sim.Model;
import dev.sluice.sim.Model.Access;
import dev.sluice.sim.Model.Entitlement;
import dev.sluice.streams.StoreKind;
import dev.sluice.streams.SweepScheduling;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every question, over random states and in the middle of sweeps, against the naive model. */
@Execution(ExecutionMode.CONCURRENT) // each seed has a cluster of its own
class QueryServiceTest {
  private static final List<String> TYPES = List.of("Databricks", "Snowflake");

  private static final Instant START = Instant.parse("2026-01-05T09:00:00Z");
  private static final int EVENTS = 120;

  static LongStream seeds() {
    return LongStream.range(0, 60);
  }

  /** A cluster that sweeps member by member, with the model that knows the same. */
  private static final class Scene implements AutoCloseable {
    final Cluster cluster;
    final Model model = new Model();
    final Map<Access, Boolean> granted = new HashMap<>();
    final Random random;

    /** Apart, so that all else is as it is without events about users. */
    final Random people;

    final Set<String> deactivated = new HashSet<>();
    private final Histories histories;

    Scene(long seed) {
      people = new Random(41 * seed + 5);
      random = new Random(seed);
      histories = new Histories(seed);
      cluster =
          new Cluster(1 + random.nextInt(3), StoreKind.MEMORY, SweepScheduling.byMember(), START);
    }

    void event() {
      var jump = histories.jump();
      if (!jump.isZero()) {
        model.tick(cluster.now().plus(jump));
        take(cluster.advance(jump).commands());
      }
      var event = histories.next(cluster.now());
      model.apply(event.productId(), event, cluster.now());
      take(cluster.publish(event).commands());
      if (people.nextInt(4) == 0) {
        var user = "u" + people.nextInt(9);
        var active = deactivated.remove(user);
        if (!active) {
          deactivated.add(user);
        }
        take(cluster.turn(user, active));
      }
      for (int i = random.nextInt(3); i > 0; i--) {
        take(cluster.tick(random.nextInt(cluster.partitions())));
      }
    }

    private void take(List<AccessCommand> commands) {
      for (var command : commands) {
        granted.put(Access.of(command), command.getAction() == AccessAction.GRANT);
      }
    }

    Set<Entitlement> entitlements() {
      return model.entitlements().stream()
          .filter(each -> !deactivated.contains(each.access().userId()))
          .collect(Collectors.toSet());
    }

    void settle() {
      while (cluster.sweeps() + cluster.turned() > 0) {
        for (int p = 0; p < cluster.partitions(); p++) {
          take(cluster.tick(p));
        }
      }
    }

    @Override
    public void close() {
      cluster.close();
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void shouldAgreeWithTheModelWhileRevisionsSpread(long seed) {
    try (var scene = new Scene(seed)) {
      for (int i = 1; i <= EVENTS; i++) {
        scene.event();
        if (i % 30 == 0) {
          compare(scene);
        }
      }
      scene.settle();
      compare(scene);
    }
  }

  private static void compare(Scene scene) {
    var queryService = ClusterShards.questions(scene.cluster);
    var entitlements = scene.entitlements();
    var users = new TreeSet<String>();
    var sources = new TreeSet<String>();
    for (int i = 0; i < 9; i++) {
      users.add("u" + i);
      sources.add("s" + i);
    }
    products(scene, queryService);
    var spreadingAnywhere = false;
    for (var user : users) {
      spreadingAnywhere |= access(scene, queryService, entitlements, user);
    }
    for (var source : sources) {
      holders(scene, queryService, entitlements, source);
      for (var user : users) {
        for (var type : TYPES) {
          explain(scene, queryService, entitlements, new Access(user, source, type));
        }
        explainAll(queryService, entitlements, user, source);
      }
    }
    if (scene.cluster.sweeps() + scene.cluster.turned() == 0) {
      assertThat(spreadingAnywhere).isFalse();
    }
  }

  private static void products(Scene scene, QueryService queryService) {
    var views = scene.model.views();
    var lines = all(scene, queryService::products);
    assertThat(lines.stream().map(ApiModel.ProductLine::productId).toList())
        .containsExactlyElementsOf(views.keySet());
    var sweeping =
        queryService.sweeping().stream()
            .collect(Collectors.toMap(ApiModel.SweepingView::productId, Function.identity()));
    for (var line : lines) {
      var expected = Objects.requireNonNull(views.get(line.productId()));
      assertThat(line.state().name()).isEqualTo(expected.state());
      if (line.state() != ProductState.DELETED) {
        assertThat(Model.withoutZeros(names(line.requests()))).isEqualTo(expected.requests());
      }
      var product = Objects.requireNonNull(queryService.product(line.productId()));
      var sweep = sweeping.remove(line.productId());
      assertThat(sweep == null ? 0 : sweep.membersLeft())
          .isEqualTo(product.sweeps().stream().mapToLong(ApiModel.SweepView::membersLeft).sum());
      assertThat(sweep == null).isEqualTo(product.sweeps().isEmpty());
      if (sweep != null) {
        assertThat(sweep.members()).isGreaterThanOrEqualTo(sweep.membersLeft());
      }
      assertThat(product.sources().stream().map(s -> s.sourceId() + "|" + s.sourceType()))
          .containsExactlyInAnyOrderElementsOf(expected.sources());
      var members =
          all(scene, (after, max) -> queryService.members(line.productId(), after, max)).stream()
              .map(ApiModel.MemberView::userId)
              .toList();
      if (line.state() == ProductState.DELETED) {
        assertThat(members).isEmpty();
      } else {
        assertThat(members).doesNotHaveDuplicates().hasSize((int) product.members());
        assertThat(members).allMatch(user -> scene.model.isMember(user, line.productId()));
        var states = new TreeMap<String, String>();
        for (var request :
            all(scene, (after, max) -> queryService.requests(line.productId(), after, max))) {
          states.put(line.productId() + "|" + request.requestId(), request.state().name());
          assertThat(queryService.request(request.requestId(), line.productId()).items())
              .containsExactly(request);
          assertThat(queryService.request(request.requestId(), null).items()).contains(request);
          assertThat(request.history()).hasSizeLessThanOrEqualTo(32);
          if (request.decidedAt() != null) {
            assertThat(request.history().getLast().state()).isEqualTo(request.state());
            var last = request.history().getLast();
            // Access that starts by time keeps its approver as the last decider.
            assertThat(last.at())
                .isEqualTo(
                    last.by() == null && request.decidedBy() != null
                        ? request.startsAt()
                        : request.decidedAt());
          }
        }
        var expectedStates = new TreeMap<>(scene.model.requestStates());
        expectedStates.keySet().removeIf(key -> !key.startsWith(line.productId() + "|"));
        assertThat(states).isEqualTo(expectedStates);
      }
    }
    assertThat(sweeping).isEmpty();
    assertThat(queryService.product("nobody")).isNull();
  }

  private static Map<String, Long> names(Map<?, Long> counts) {
    return counts.entrySet().stream()
        .collect(Collectors.toMap(e -> e.getKey().toString(), Map.Entry::getValue));
  }

  /** All pages together, of a size that is drawn. */
  private static <T> List<T> all(Scene scene, BiFunction<String, Integer, @Nullable Page<T>> page) {
    var size = 1 + scene.random.nextInt(6);
    var all = new ArrayList<T>();
    var next = page.apply("", size);
    while (next != null) {
      assertThat(next.items().size()).isLessThanOrEqualTo(size);
      all.addAll(next.items());
      next = next.next() == null ? null : page.apply(Cursor.id(next.next()), size);
    }
    return all;
  }

  private static boolean access(
      Scene scene, QueryService queryService, Set<Entitlement> entitlements, String user) {
    var found = new HashSet<Entitlement>();
    var spreading = false;
    for (var access : all(scene, (after, max) -> queryService.access(user, after, max))) {
      spreading |= access.spreading();
      for (var by : access.givenBy()) {
        assertThat(by.requests()).isNotEmpty();
        found.add(
            new Entitlement(
                new Access(user, access.sourceId(), access.sourceType()), by.productId()));
      }
    }
    assertThat(found)
        .isEqualTo(
            entitlements.stream()
                .filter(e -> e.access().userId().equals(user))
                .collect(Collectors.toSet()));
    return spreading;
  }

  private static void holders(
      Scene scene, QueryService queryService, Set<Entitlement> entitlements, String source) {
    var of = entitlements.stream().filter(e -> e.access().sourceId().equals(source)).toList();
    for (var type : TYPES) {
      var found = new HashSet<Entitlement>();
      for (var holder :
          all(scene, (after, max) -> queryService.holders(source, type, after, max))) {
        assertThat(holder.sourceTypes()).containsExactly(type);
        for (var product : holder.productIds()) {
          found.add(new Entitlement(new Access(holder.userId(), source, type), product));
        }
      }
      assertThat(found)
          .isEqualTo(
              of.stream()
                  .filter(e -> e.access().sourceType().equals(type))
                  .collect(Collectors.toSet()));
    }
    var found = new TreeMap<String, List<String>>();
    var expected = new TreeMap<String, List<String>>();
    for (var holder : all(scene, (after, max) -> queryService.holders(source, "", after, max))) {
      found.put(
          holder.userId(),
          Stream.concat(holder.sourceTypes().stream(), holder.productIds().stream()).toList());
    }
    for (var each : of) {
      var user = each.access().userId();
      var its = of.stream().filter(e -> e.access().userId().equals(user)).toList();
      expected.put(
          user,
          Stream.concat(
                  its.stream().map(e -> e.access().sourceType()).distinct().sorted(),
                  its.stream().map(Entitlement::productId).distinct().sorted())
              .toList());
    }
    assertThat(found).isEqualTo(expected);
  }

  /** Each call does bounded work, however many users who left come first. */
  @Test
  void shouldPassManyDeactivatedUsersPageByPage() {
    var leavers = 3 * QueryService.HOLDER_PAGES_MAX;
    try (var cluster = new Cluster(1, StoreKind.MEMORY, SweepScheduling.byMember(), START)) {
      cluster.publish(Events.published("p1", "s1"));
      for (int i = 0; i <= leavers; i++) {
        var user = "u%03d".formatted(i);
        cluster.publish(Events.approved("p1", "r" + i, user));
        if (i < leavers) {
          cluster.turn(user, false);
        }
      }
      var queryService = ClusterShards.questions(cluster);

      var found = new ArrayList<String>();
      var pages = 0;
      for (String next = Cursor.after(""); next != null; pages++) {
        var page = queryService.holders("s1", "", Cursor.id(next), 1);
        page.items().forEach(holder -> found.add(holder.userId()));
        next = page.next();
      }

      assertThat(found).containsExactly("u%03d".formatted(leavers));
      assertThat(pages).isEqualTo(4);
    }
  }

  /** Without a type: what is said of every type, together. */
  private static void explainAll(
      QueryService queryService, Set<Entitlement> entitlements, String user, String source) {
    var why = queryService.explain(user, source, "");
    var types =
        entitlements.stream()
            .map(Entitlement::access)
            .filter(a -> a.userId().equals(user) && a.sourceId().equals(source))
            .map(Access::sourceType)
            .collect(Collectors.toSet());
    assertThat(why.access()).as(why.says()).isEqualTo(!types.isEmpty());
    assertThat(why.sourceTypes()).isSorted().containsAll(types);
    assertThat(why.products())
        .containsExactlyInAnyOrderElementsOf(
            why.sourceTypes().stream()
                .flatMap(type -> queryService.explain(user, source, type).products().stream())
                .toList());
    if (why.sourceTypes().size() > 1) {
      for (var type : why.sourceTypes()) {
        assertThat(why.says())
            .contains(
                "%s %s %s (%s): "
                    .formatted(user, types.contains(type) ? "has" : "does not have", source, type));
      }
    }
  }

  private static void explain(
      Scene scene, QueryService queryService, Set<Entitlement> entitlements, Access pair) {
    var user = pair.userId();
    var why = queryService.explain(user, pair.sourceId(), pair.sourceType());
    assertThat(why.deactivated() != null).isEqualTo(scene.deactivated.contains(user));
    assertThat(why.access())
        .as(why.says())
        .isEqualTo(entitlements.stream().anyMatch(e -> e.access().equals(pair)));
    if (!why.spreading()) {
      assertThat(scene.granted.getOrDefault(pair, false)).as(why.says()).isEqualTo(why.access());
    }
    var states = scene.model.requestStates();
    scene
        .model
        .views()
        .forEach(
            (productId, view) -> {
              var reasons =
                  why.products().stream().filter(p -> p.productId().equals(productId)).toList();
              var contains = view.sources().contains(pair.source());
              if (contains) {
                assertThat(reasons).hasSize(1);
              }
              for (var reason : reasons) {
                assertThat(reason.contains()).isEqualTo(contains);
                assertThat(reason.gives())
                    .isEqualTo(entitlements.contains(new Entitlement(pair, productId)));
                assertThat(reason.gives()).isEqualTo(reason.blockedBy().isEmpty());
                assertThat(reason.blockedBy().contains(Block.USER_DEACTIVATED))
                    .isEqualTo(scene.deactivated.contains(user));
                assertThat(reason.blockedBy().contains(Block.PRODUCT_SUSPENDED))
                    .isEqualTo(view.state().equals("SUSPENDED"));
                assertThat(reason.blockedBy().contains(Block.PRODUCT_DELETED))
                    .isEqualTo(view.state().equals("DELETED"));
                assertThat(reason.complete()).isTrue();
                for (var request : reason.requests()) {
                  assertThat(request.state().name())
                      .isEqualTo(states.get(productId + "|" + request.requestId()));
                  assertThat(request.stage() != null)
                      .isEqualTo(request.state().name().equals("PENDING"));
                }
                if (!view.state().equals("DELETED")) {
                  assertThat(reason.blockedBy().contains(Block.NOT_REQUESTED))
                      .isEqualTo(reason.requests().isEmpty());
                }
              }
            });
  }
}
