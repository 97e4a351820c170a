package dev.sluice.dev.bench;

import dev.sluice.contract.Topics;
import dev.sluice.dev.bench.Asking.Question;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntFunction;

/**
 * Measures how long queries take at three workers that share the state, each queried about
 * everything: on idle workers, and during sweeps of a large product. Every answer is checked. The
 * bare latency is that of an answer that needs no state.
 */
public final class Queries {
  private static final int WORKERS = 3;
  private static final int PAGE = 100;
  private static final int WARM_UP = 100;
  private static final String NAME = "queries";
  private static final String BARE = "description";
  private static final String DESCRIPTION = "/openapi.json";

  private final Bench bench;
  private final QueryWorld world;
  private final int questions;
  private final Random random = new Random(1);

  /**
   * Creates the measurement.
   *
   * @param memberships approximate number of memberships
   * @param questions number of queries of each kind
   */
  public Queries(Bench bench, int memberships, int questions) {
    this.bench = bench;
    this.world = QueryWorld.of(memberships);
    this.questions = questions;
  }

  /** Measures idle workers, then workers with sweeps. */
  public List<Measurement> sluice() throws InterruptedException {
    try (var fleet = new QueryFleet(bench, NAME, WORKERS);
        var traffic = new Traffic(fleet.config());
        var reader =
            CommittedReader.atEnd(
                fleet.config(),
                new Topics(fleet.config().topicPrefix()).accessCommands(),
                fleet::failIfEnded);
        var asking = new Asking()) {
      fill(traffic, reader);
      all(fleet, asking, "warming up", kinds(true), WARM_UP);
      var bare =
          Objects.requireNonNull(
              all(fleet, asking, "bare", Map.of(BARE, i -> bare()), questions).get(BARE));
      var found = new ArrayList<Measurement>();
      found.addAll(measure(fleet, asking, "idle", kinds(true), bare));
      found.addAll(beside(fleet, traffic, reader, asking, bare));
      return found;
    }
  }

  private void fill(Traffic traffic, CommittedReader reader) throws InterruptedException {
    for (int product = 0; product < world.products(); product++) {
      traffic.published(QueryWorld.name(product), world.sources(product));
    }
    traffic.published(QueryWorld.large(), List.of(world.largeSource()));
    var commands = new AtomicLong();
    try (var sender = Executors.newSingleThreadExecutor();
        var work = bench.progress().begin("approving memberships", world.memberships())) {
      var sending =
          sender.submit(
              () -> {
                long sent = 0;
                for (int user = 0; user < world.users(); user++) {
                  traffic.approved(QueryWorld.large(), user);
                  for (var product : world.productsOf(user)) {
                    traffic.approved(QueryWorld.name(product), user);
                  }
                  commands.addAndGet(world.sourcesOf(user, true).size());
                  sent += QueryWorld.PRODUCTS_OF_USER;
                  work.reached(sent);
                }
                traffic.flush();
              });
      sending.get();
    } catch (ExecutionException e) {
      throw new BenchException("the approvals could not be published: " + e.getCause(), e);
    }
    try (var work = bench.progress().begin("settling", commands.get())) {
      reader.read(commands.get(), record -> {}, work::reached);
    }
  }

  private List<Measurement> beside(
      QueryFleet fleet, Traffic traffic, CommittedReader reader, Asking asking, long[] bare)
      throws InterruptedException {
    var over = new AtomicBoolean();
    try (var sweeper = Executors.newSingleThreadExecutor()) {
      var sweeping =
          sweeper.submit(
              () -> {
                long swept = 0;
                while (!over.get()) {
                  traffic.suspended(QueryWorld.large());
                  reader.read(world.users(), record -> {});
                  traffic.resumed(QueryWorld.large());
                  reader.read(world.users(), record -> {});
                  swept += 2L * world.users();
                }
                return swept;
              });
      try {
        var began = System.nanoTime();
        var found = measure(fleet, asking, "sweep", kinds(false), bare);
        over.set(true);
        var rate = Math.round(sweeping.get() / ((System.nanoTime() - began) / 1e9));
        bench.progress().say("queries: %,d commands a second were swept beside".formatted(rate));
        return found;
      } finally {
        over.set(true);
      }
    } catch (ExecutionException e) {
      throw new BenchException("the sweeps failed: " + e.getCause(), e);
    }
  }

  private List<Measurement> measure(
      QueryFleet fleet,
      Asking asking,
      String when,
      Map<String, IntFunction<Question>> kinds,
      long[] bare)
      throws InterruptedException {
    var found = new ArrayList<Measurement>();
    var none = Figures.ofLatencies(bare);
    all(fleet, asking, when, kinds, questions)
        .forEach(
            (kind, nanos) -> {
              var figures = Figures.ofLatencies(nanos);
              found.add(
                  new Measurement(
                      "query-" + kind + "-" + when,
                      Measurement.SLUICE,
                      world.memberships(),
                      2,
                      nanos.length,
                      "ms",
                      none,
                      figures,
                      figures.over(none),
                      Map.of("workers", (long) fleet.size())));
            });
    return found;
  }

  private Map<String, long[]> all(
      QueryFleet fleet,
      Asking asking,
      String when,
      Map<String, IntFunction<Question>> kinds,
      int count)
      throws InterruptedException {
    var all = new LinkedHashMap<String, long[]>();
    for (var kind : kinds.entrySet()) {
      var nanos = new long[count];
      try (var work = bench.progress().begin(kind.getKey() + ", " + when, count)) {
        for (int i = 0; i < count; i++) {
          var question = kind.getValue().apply(i);
          nanos[i] = asking.ask(fleet.url(random.nextInt(fleet.size())), question);
          work.reached(i + 1);
        }
      }
      all.put(kind.getKey(), nanos);
    }
    return all;
  }

  private Map<String, IntFunction<Question>> kinds(boolean still) {
    var kinds = new LinkedHashMap<String, IntFunction<Question>>();
    kinds.put("explain", i -> explain());
    kinds.put("access", i -> access(still));
    kinds.put("who", i -> who());
    kinds.put("product", i -> product());
    kinds.put("members", i -> members());
    kinds.put("products", i -> products());
    kinds.put("preview", i -> preview(i));
    kinds.put("overview", i -> overview());
    return kinds;
  }

  /** Half of the queries name a source that the user has. */
  private Question explain() {
    var user = random.nextInt(world.users());
    var own = world.productsOf(user);
    var source =
        random.nextBoolean()
            ? own.get(random.nextInt(own.size()))
            : random.nextInt(world.products());
    return new Question(
        "/v1/explain?user=%s&source=%s".formatted(Names.user(user), Names.source(source)),
        null,
        answer -> {
          Asking.require(
              answer.get("access").asBoolean() == world.has(user, source),
              "user %d %s source %d"
                  .formatted(user, world.has(user, source) ? "has" : "has not", source),
              answer);
          var gives = new ArrayList<String>();
          answer
              .get("products")
              .forEach(
                  p -> {
                    if (p.get("gives").asBoolean()) {
                      gives.add(p.get("productId").asText());
                    }
                  });
          var expected =
              world.givers(source).stream()
                  .filter(p -> world.isMember(user, p))
                  .map(QueryWorld::name)
                  .sorted()
                  .toList();
          Asking.require(gives.equals(expected), "they are given by " + expected, answer);
        });
  }

  private Question access(boolean still) {
    var user = random.nextInt(world.users());
    return new Question(
        "/v1/users/%s/access".formatted(Names.user(user)),
        null,
        answer -> {
          var found = answer.get("items").findValuesAsText("sourceId");
          found.removeIf(id -> !still && id.equals(Names.source(world.largeSource())));
          var expected = world.sourcesOf(user, still);
          Asking.require(found.equals(expected), "they have " + expected, answer);
        });
  }

  private Question who() {
    var source = random.nextInt(world.products());
    return page(
        "/v1/sources/%s/users".formatted(Names.source(source)), "userId", world.holders(source));
  }

  private Question members() {
    var product = random.nextInt(world.products());
    return page(
        "/v1/products/%s/members".formatted(QueryWorld.name(product)),
        "userId",
        world.members(product));
  }

  private static Question page(String path, String field, List<String> all) {
    var expected = all.subList(0, Math.min(PAGE, all.size()));
    return new Question(
        path + "?limit=" + PAGE,
        null,
        answer ->
            Asking.require(
                answer.get("items").findValuesAsText(field).equals(expected),
                "the first are " + expected,
                answer));
  }

  private Question product() {
    var product = random.nextInt(world.products());
    var members = world.members(product).size();
    return new Question(
        "/v1/products/" + QueryWorld.name(product),
        null,
        answer ->
            Asking.require(
                answer.get("members").asInt() == members
                    && answer.get("state").asText().equals("ACTIVE"),
                "it is active with " + members + " members",
                answer));
  }

  private Question products() {
    return new Question(
        "/v1/products?limit=" + PAGE,
        null,
        answer ->
            Asking.require(
                answer.get("items").size() == Math.min(PAGE, world.products() + 1),
                "there are more products",
                answer));
  }

  private Question preview(int number) {
    var product = random.nextInt(world.products());
    var lost = world.lost(product);
    var event =
        """
        {"eventId":"preview-%d","productId":"%s","occurredAt":"2026-01-05T09:00:00Z",\
        "actor":"bench","type":"ProductSuspended","data":{}}\
        """
            .formatted(number, QueryWorld.name(product));
    return new Question(
        "/v1/preview",
        event,
        answer ->
            Asking.require(
                answer.at("/revokes/count").asLong() == lost
                    && answer.at("/grants/count").asLong() == 0,
                lost + " pairs are lost",
                answer));
  }

  private Question overview() {
    return new Question(
        "/v1/overview",
        null,
        answer ->
            Asking.require(
                answer.get("members").asLong() == world.memberships(),
                "there are %d memberships".formatted(world.memberships()),
                answer));
  }

  /** Requests the API description, which needs no state. */
  private static Question bare() {
    return new Question(
        DESCRIPTION,
        null,
        answer -> Asking.require(answer.has("openapi"), "it is a description", answer));
  }
}
