package dev.sluice.it;

import static java.net.URLEncoder.encode;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.cli.SluiceCommand;
import dev.sluice.event.Events;
import dev.sluice.event.Payload;
import dev.sluice.event.ProductEvent;
import dev.sluice.http.OpenApi;
import dev.sluice.product.ProductDecider;
import dev.sluice.sim.Model;
import dev.sluice.sim.Model.Access;
import dev.sluice.sim.Model.Entitlement;
import dev.sluice.testing.TestCluster;
import dev.sluice.testing.Workers;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Three workers that share the partitions, each asked about everything. */
@TestMethodOrder(OrderAnnotation.class)
class ApiIT {
  private static final int EVENTS = 600;
  private static final int BATCH = 150;
  private static final int WATCHERS_MAX = 48;
  private static final int EXPLAINS = Integer.getInteger("api.explains", 150);

  @RegisterExtension static final TestCluster CLUSTER = TestCluster.shared();

  private static ApiSite site;
  private static OpenApi description;
  private static final Model MODEL = new Model();
  private static final Random RANDOM = new Random(5);

  @BeforeAll
  static void start() throws Exception {
    site = new ApiSite(CLUSTER, "api", 3);
    description = new OpenApi(site.get(0, "/openapi.json").body());
    publish(WorkerIT.history(23, EVENTS));
    site.settle();
  }

  @AfterAll
  static void stop() {
    if (site != null) {
      site.close();
    }
  }

  /** In batches, each at another worker; what has a bad id is refused by itself. */
  private static void publish(List<ProductEvent> events) throws Exception {
    var batch = new ArrayList<ProductEvent>();
    for (var event : events) {
      if (ProductDecider.idProblem(event) != null) {
        var refused =
            site.post(0, "/v1/events", site.publisher, "application/json", EventText.of(event));
        description.check("post", "/v1/events", refused);
        assertThat(refused.statusCode()).isEqualTo(400);
        continue;
      }
      MODEL.apply(event.productId(), event, Instant.now());
      batch.add(event);
      if (batch.size() == BATCH) {
        publishBatch(batch);
      }
    }
    publishBatch(batch);
  }

  private static void publishBatch(List<ProductEvent> batch) throws Exception {
    var body = batch.stream().map(EventText::of).collect(Collectors.joining("\n"));
    var taken =
        site.post(RANDOM.nextInt(3), "/v1/events", site.publisher, "application/x-ndjson", body);
    var written = description.check("post", "/v1/events", taken).get("written");
    assertThat(taken.statusCode()).as(taken.body()).isEqualTo(202);
    assertThat(written.findValuesAsText("eventId"))
        .isEqualTo(batch.stream().map(ProductEvent::eventId).toList());
    batch.clear();
  }

  /** At any worker; the answer is held to the description. */
  private static JsonNode ask(String described, String path) throws Exception {
    var answer = site.get(RANDOM.nextInt(3), path);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return description.check("get", described, answer);
  }

  private static List<JsonNode> all(String described, String path) throws Exception {
    var items = new ArrayList<JsonNode>();
    var next = "";
    while (next != null) {
      var page =
          ask(
              described,
              path
                  + (path.contains("?") ? "&" : "?")
                  + "limit=7"
                  + (next.isEmpty() ? "" : "&cursor=" + next));
      page.get("items").forEach(items::add);
      next = page.has("next") ? page.get("next").asText() : null;
    }
    return items;
  }

  private static Set<String> users() {
    return MODEL.access().stream()
        .map(Access::userId)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static final List<String> TYPES = List.of("Databricks", "Snowflake");

  private static Set<String> sources() {
    return MODEL.access().stream()
        .map(Access::sourceId)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  @Order(1)
  void shouldListProductsMembersAndRequestsLikeTheModel() throws Exception {
    var products = new TreeMap<String, String>();
    for (var product : all("/v1/products", "/v1/products")) {
      products.put(product.get("productId").asText(), product.get("state").asText());
    }
    var views = MODEL.views();
    assertThat(products.keySet()).isEqualTo(views.keySet());
    for (var id : products.keySet()) {
      var product = ask("/v1/products/{id}", "/v1/products/" + id);
      assertThat(products).containsEntry(id, views.get(id).state());
      assertThat(product.get("sources"))
          .extracting(s -> s.get("sourceId").asText() + "|" + s.get("sourceType").asText())
          .containsExactlyInAnyOrderElementsOf(views.get(id).sources());
      assertThat(product.get("spreading").asBoolean()).isFalse();
      var members = all("/v1/products/{id}/members", "/v1/products/" + id + "/members");
      if (!products.get(id).equals("DELETED")) {
        assertThat(members).hasSize(product.get("members").asInt());
        assertThat(members).allMatch(m -> MODEL.isMember(m.get("userId").asText(), id));
        for (var request : all("/v1/products/{id}/requests", "/v1/products/" + id + "/requests")) {
          var requestId = request.get("requestId").asText();
          assertThat(request.get("state").asText()).isEqualTo(MODEL.state(id, requestId));
          var found = ask("/v1/requests/{id}", "/v1/requests/" + requestId).get("items");
          assertThat(found).contains(request);
        }
      }
    }
  }

  @Test
  @Order(2)
  void shouldListAccessLikeTheModel() throws Exception {
    var found = new HashSet<Entitlement>();
    for (var user : users()) {
      for (var access : all("/v1/users/{id}/access", "/v1/users/" + user + "/access")) {
        assertThat(access.get("spreading").asBoolean()).isFalse();
        for (var by : access.get("givenBy")) {
          var pair =
              new Access(user, access.get("sourceId").asText(), access.get("sourceType").asText());
          found.add(new Entitlement(pair, by.get("productId").asText()));
        }
      }
    }
    assertThat(found).isEqualTo(MODEL.entitlements());
    found.clear();
    for (var source : sources()) {
      var path = "/v1/sources/" + source + "/users";
      var types = new TreeMap<String, Set<String>>();
      for (var type : TYPES) {
        for (var holder : all("/v1/sources/{id}/users", path + "?sourceType=" + type)) {
          var user = holder.get("userId").asText();
          types.computeIfAbsent(user, u -> new TreeSet<>()).add(type);
          for (var product : holder.get("productIds")) {
            found.add(new Entitlement(new Access(user, source, type), product.asText()));
          }
        }
      }
      var without = new TreeMap<String, Set<String>>();
      for (var holder : all("/v1/sources/{id}/users", path)) {
        var its = new TreeSet<String>();
        holder.get("sourceTypes").forEach(type -> its.add(type.asText()));
        without.put(holder.get("userId").asText(), its);
      }
      assertThat(without).isEqualTo(types);
    }
    assertThat(found).isEqualTo(MODEL.entitlements());
  }

  @Test
  @Order(3)
  void shouldExplainEveryPairLikeTheModel() throws Exception {
    var users = List.copyOf(users());
    var access = MODEL.access();
    for (int i = 0; i < EXPLAINS; i++) {
      var user = users.get(RANDOM.nextInt(users.size()));
      var source = "s" + RANDOM.nextInt(9);
      var type = TYPES.get(RANDOM.nextInt(TYPES.size()));
      var path = "/v1/explain?user=" + user + "&source=" + source;
      var whole = ask("/v1/explain", path);
      assertThat(whole.get("access").asBoolean())
          .isEqualTo(
              TYPES.stream().anyMatch(any -> access.contains(new Access(user, source, any))));
      var why = ask("/v1/explain", path + "&sourceType=" + type);
      assertThat(whole.get("products")).containsAll(why.get("products"));
      assertThat(why.get("access").asBoolean())
          .as("%s", why)
          .isEqualTo(access.contains(new Access(user, source, type)));
      assertThat(why.get("spreading").asBoolean()).isFalse();
      for (var reason : why.get("products")) {
        var entitlement =
            new Entitlement(new Access(user, source, type), reason.get("productId").asText());
        assertThat(reason.get("gives").asBoolean())
            .isEqualTo(MODEL.entitlements().contains(entitlement));
      }
    }
    assertThat(ask("/v1/overview", "/v1/overview").get("members").asLong())
        .isEqualTo(MODEL.memberships());
  }

  @Test
  @Order(4)
  void shouldPreviewASuspensionAtAnyWorker() throws Exception {
    var byProduct = new TreeMap<String, Set<Access>>();
    MODEL
        .entitlements()
        .forEach(
            e -> byProduct.computeIfAbsent(e.productId(), p -> new HashSet<>()).add(e.access()));
    for (var entry : byProduct.entrySet()) {
      var others = new HashSet<Access>();
      byProduct.forEach(
          (id, given) -> {
            if (!id.equals(entry.getKey())) {
              others.addAll(given);
            }
          });
      var lost = new HashSet<>(entry.getValue());
      lost.removeAll(others);
      var event = EventText.of(Events.suspended(entry.getKey()));
      for (int instance = 0; instance < 3; instance++) {
        var answer = site.post(instance, "/v1/preview", site.reader, "application/json", event);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        var preview = description.check("post", "/v1/preview", answer);
        assertThat(preview.get("outcome").asText()).isEqualTo("APPLIED");
        assertThat(preview.at("/revokes/count").asLong()).isEqualTo(lost.size());
        assertThat(preview.at("/grants/count").asLong()).isZero();
        assertThat(preview.at("/users/count").asLong())
            .isEqualTo(lost.stream().map(Access::userId).distinct().count());
      }
    }
  }

  @Test
  @Order(5)
  void shouldRefuseCallersWithoutAValidToken() throws Exception {
    description
        .paths()
        .forEach(
            (path, method) -> {
              var publishes = path.equals("/v1/events");
              try {
                for (var token : new String[] {null, "wrong", site.expired}) {
                  assertThat(refusal(path, method, token)).as("%s %s", path, token).isEqualTo(401);
                }
                assertThat(refusal(path, method, publishes ? site.reader : site.publisher))
                    .as(path)
                    .isEqualTo(403);
              } catch (Exception e) {
                throw new AssertionError(path, e);
              }
            });
    var internal =
        site.send(
            site.request(0, "/internal/v1/parts/products/0/lines", null)
                .POST(BodyPublishers.ofString("{}")));
    assertThat(internal.statusCode()).isEqualTo(401);
  }

  private static int refusal(String path, String method, String token) throws Exception {
    var request =
        site.request(0, path.replace("{id}", "p0") + "?user=u&source=s", token)
            .header("Content-Type", "application/json")
            .method(method.toUpperCase(Locale.ROOT), BodyPublishers.ofString("{}"));
    var answer = site.send(request);
    description.check(method, path, answer);
    return answer.statusCode();
  }

  @Test
  @Order(6)
  void shouldWriteNoneOfABatchWithAWrongLineAndNameIt() throws Exception {
    var good = EventText.of(Events.published("batch", "s1"));
    for (var wrong :
        List.of("{", "{\"type\":\"Nonsense\"}", EventText.of(Events.suspended("a|b")))) {
      var answer =
          site.post(
              1,
              "/v1/events",
              site.publisher,
              "application/x-ndjson",
              good + "\n\n" + wrong + "\n" + good);
      assertThat(answer.statusCode()).isEqualTo(400);
      assertThat(description.check("post", "/v1/events", answer).get("detail").asText())
          .startsWith("line 3");
    }
    site.settle();
    check(site.get(1, "/v1/products/batch"), "/v1/products/{id}", 404);
  }

  private static JsonNode check(HttpResponse<String> answer, String path, int status) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    return description.check("get", path, answer);
  }

  @Test
  @Order(7)
  void shouldRefuseInvalidRequestsWithAReason() throws Exception {
    check(site.get(0, "/v1/products?limit=0"), "/v1/products", 400);
    check(site.get(0, "/v1/products?limit=x"), "/v1/products", 400);
    check(site.get(0, "/v1/products?cursor=%20"), "/v1/products", 400);
    check(site.get(0, "/v1/explain?user=ana"), "/v1/explain", 400);
    check(site.get(0, "/v1/requests/none"), "/v1/requests/{id}", 404);
    check(site.get(0, "/v1/products/none/members"), "/v1/products/{id}/members", 404);
    check(site.get(0, "/v1/products/none/requests"), "/v1/products/{id}/requests", 404);
    assertThat(all("/v1/users/{id}/access", "/v1/users/nobody/access")).isEmpty();
    var plain = site.post(0, "/v1/preview", site.reader, "text/plain", "{}");
    description.check("post", "/v1/preview", plain);
    assertThat(plain.statusCode()).isEqualTo(415);
    var large = site.post(0, "/v1/preview", site.reader, "application/json", "x".repeat(3_000_000));
    description.check("post", "/v1/preview", large);
    assertThat(large.statusCode()).isEqualTo(413);
    assertThat(site.get(0, "/v1/nothing").statusCode()).isEqualTo(404);
  }

  @Test
  @Order(8)
  void shouldAnswerNotModifiedUntilTheProductChanges() throws Exception {
    var id = "a/b c";
    publish(List.of(Events.published(id, "s1")));
    site.settle();
    var path = "/v1/products/~?id=" + encode(id, UTF_8);
    var tag = site.get(0, path).headers().firstValue("ETag").orElseThrow();
    assertThat(tag).startsWith("\"1-");
    var again = site.send(site.request(1, path, site.reader).header("If-None-Match", tag));
    check(again, "/v1/products/{id}", 304);

    publish(List.of(Events.suspended(id)));
    site.settle();
    var changed = site.send(site.request(2, path, site.reader).header("If-None-Match", tag));
    assertThat(check(changed, "/v1/products/{id}", 200).get("state").asText())
        .isEqualTo("SUSPENDED");
    assertThat(changed.headers().firstValue("ETag").orElseThrow()).startsWith("\"2-");
  }

  @Test
  @Order(9)
  void shouldShowHistoryAndNextApproversOfARequest() throws Exception {
    publish(
        List.of(
            Events.published("staged", Events.sources("s1"), Events.policy("one", "two")),
            Events.requested("staged", "r-staged", "ana"),
            Events.determined("staged", "r-staged", Payload.Decision.APPROVE)));
    site.settle();
    var request = ask("/v1/requests/{id}", "/v1/requests/r-staged").get("items").get(0);
    assertThat(request.get("stage").asInt()).isEqualTo(2);
    assertThat(request.at("/waitsFor/approvers/0").asText()).isEqualTo("boss");
    assertThat(request.at("/history/0/by").asText()).isEqualTo("boss");
    var why = ask("/v1/explain", "/v1/explain?user=ana&source=s1");
    assertThat(why.get("says").asText())
        .contains("staged: request r-staged is pending at stage 2 with boss");
  }

  @Test
  @Order(10)
  void shouldAnswerTheSameOnTheCommandLine() throws Exception {
    var suspension = CLUSTER.folder().resolve("suspension.json");
    Files.writeString(suspension, EventText.of(Events.suspended("staged")));
    assertThat(command(0, "products")).contains("productId").contains("staged");
    assertThat(command(0, "product", "staged", "--output", "json"))
        .contains("\"productId\":\"staged\"");
    assertThat(command(0, "product", "a/b c")).contains("SUSPENDED");
    assertThat(command(0, "requests", "staged")).contains("PENDING").contains("boss");
    assertThat(command(0, "request", "r-staged")).contains("waitsFor").contains("boss");
    assertThat(command(0, "explain", "ana", "s1")).contains("pending at stage 2 with boss");
    var pair = MODEL.access().iterator().next();
    assertThat(command(0, "access", pair.userId())).contains(pair.sourceId());
    assertThat(command(0, "who", pair.sourceId(), "--max", "2")).contains("userId");
    assertThat(command(0, "who", pair.sourceId(), "--type", pair.sourceType()))
        .contains(pair.userId(), pair.sourceType());
    assertThat(command(0, "who", pair.sourceId(), "--type", "none")).doesNotContain(pair.userId());
    assertThat(command(0, "explain", pair.userId(), pair.sourceId(), "--type", pair.sourceType()))
        .contains("sourceType");
    assertThat(command(0, "members", "staged")).contains("spreading");
    assertThat(command(0, "preview", suspension.toString())).contains("APPLIED");
    command(1, "product", "none");
  }

  /** The output of a command that ends with that status. */
  private static String command(int status, String... arguments) throws Exception {
    var token = Files.writeString(CLUSTER.folder().resolve("reader.token"), site.reader + "\n");
    var all = new ArrayList<>(List.of(arguments));
    all.addAll(
        List.of(
            "--url",
            "http://127.0.0.1:" + site.instances.getFirst().port(),
            "--token-file",
            token.toString()));
    var before = System.out;
    var written = new ByteArrayOutputStream();
    try {
      System.setOut(new PrintStream(written, true, UTF_8));
      assertThat(SluiceCommand.execute(all.toArray(String[]::new)))
          .as("%s: %s", all, written)
          .isEqualTo(status);
    } finally {
      System.setOut(before);
    }
    return written.toString(UTF_8);
  }

  @Test
  @Order(11)
  void shouldStreamTheOverviewToViewers() throws Exception {
    var answer = site.follow(1, "/v1/live");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Type").orElse(""))
        .startsWith("text/event-stream");
    try (var lines = answer.body()) {
      var events =
          lines
              .filter(line -> line.startsWith("data: "))
              .limit(2)
              .map(line -> description.checkEvent("/v1/live", line.substring("data: ".length())))
              .toList();
      assertThat(events.getFirst().at("/overview/members").asLong()).isEqualTo(MODEL.memberships());
      assertThat(events.getFirst().at("/traffic/events/records").asLong()).isZero();
      assertThat(events.getLast().at("/traffic/commandsPerSecond").asDouble()).isZero();
      assertThat(events.getLast().get("sweeping")).isEmpty();
    }
    var head = site.request(1, "/v1/live", site.reader).method("HEAD", BodyPublishers.noBody());
    assertThat(site.send(head).statusCode()).isEqualTo(200);
  }

  @Test
  @Order(12)
  void shouldLimitTheNumberOfViewers() throws Exception {
    var watching = new ArrayList<HttpResponse<Stream<String>>>();
    try {
      do {
        watching.add(site.follow(1, "/v1/live"));
      } while (watching.getLast().statusCode() == 200 && watching.size() <= WATCHERS_MAX);
      // One of the last test's may not be known to have gone yet.
      assertThat(watching).hasSizeBetween(WATCHERS_MAX, WATCHERS_MAX + 1);
      check(site.get(1, "/v1/live"), "/v1/live", 503);
    } finally {
      watching.forEach(each -> each.body().close());
    }
    // The worker notices that a viewer has gone when it sends the next event.
    Awaitility.await()
        .atMost(Workers.TIMEOUT)
        .untilAsserted(
            () -> {
              var again = site.follow(1, "/v1/live");
              again.body().close();
              assertThat(again.statusCode()).isEqualTo(200);
            });
  }

  @Test
  @Order(20)
  void shouldNameTheMissingShardAndAskAStandbyIfAllowed() throws Exception {
    // The workers continue, but callers cannot reach this one.
    site.instances.get(2).closePort();
    var answer = site.get(0, "/v1/products");
    var problem = check(answer, "/v1/products", 503);
    assertThat(problem.get("part").asText()).matches("products-\\d");
    assertThat(answer.headers().firstValue("Retry-After")).isPresent();

    Awaitility.await()
        .atMost(Workers.TIMEOUT)
        .untilAsserted(
            () -> {
              var page =
                  check(site.get(0, "/v1/products?stale=true&limit=1000"), "/v1/products", 200);
              assertThat(page.get("stale").asBoolean()).isTrue();
              assertThat(page.get("items").findValuesAsText("productId"))
                  .containsExactlyElementsOf(MODEL.views().keySet());
            });
  }

  @Test
  @Order(21)
  void shouldForwardAQuestionOnlyOnce() throws Exception {
    int answered = 0;
    int missing = 0;
    for (int partition = 0; partition < 4; partition++) {
      var call =
          site.send(
              site.request(0, "/internal/v1/parts/products/" + partition + "/lines", site.reader)
                  .POST(BodyPublishers.ofString("{\"after\":\"\",\"max\":1,\"room\":1000}")));
      if (call.statusCode() == 200) {
        answered++;
      } else {
        assertThat(call.statusCode()).isEqualTo(503);
        missing++;
      }
    }
    assertThat(answered).isPositive();
    assertThat(missing).isPositive();
    var unknown =
        site.send(
            site.request(0, "/internal/v1/parts/products/0/hashCode", site.reader)
                .POST(BodyPublishers.ofString("{}")));
    assertThat(unknown.statusCode()).isIn(404, 503);
  }
}
