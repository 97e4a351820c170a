package dev.sluice.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.event.Events;
import dev.sluice.event.Payload;
import dev.sluice.event.ProductEvent;
import dev.sluice.testing.TestCluster;
import dev.sluice.testing.Workers;
import dev.sluice.user.UserEvents;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Events over HTTP, of which one fails: what is said, what is so, and what sending again does. */
class EventsIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String LINES = "application/x-ndjson";

  @RegisterExtension static final TestCluster CLUSTER = TestCluster.shared();

  private static ApiSite site;

  @BeforeAll
  static void start() throws Exception {
    site = new ApiSite(CLUSTER, "api-events", 1);
  }

  @AfterAll
  static void stop() {
    site.close();
  }

  private static ProductEvent event(String product, long sequence, Payload payload) {
    return new ProductEvent(product + sequence, product, sequence, Events.NOON, "api", payload);
  }

  private static HttpResponse<String> post(ProductEvent... events) throws Exception {
    var lines = Arrays.stream(events).map(EventText::of).collect(Collectors.joining("\n"));
    return site.post(0, "/v1/events", site.publisher, LINES, lines);
  }

  private static JsonNode get(String path) throws Exception {
    var answer = site.get(0, path);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return JSON.readTree(answer.body());
  }

  /** Mallory has access, and it is taken away in a call that fails at first. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void shouldLoseNoRevocationIfAnotherEventOfTheCallIsTooLarge(int large) throws Exception {
    var product = "fin" + large;
    assertThat(
            post(
                    event(product, 1, Events.published(product, "ledger").payload()),
                    event(product, 2, new Payload.AccessApproved("r" + large, "mal", "boss", null)))
                .statusCode())
        .isEqualTo(202);
    site.settle();
    var events =
        new ProductEvent[] {
          event(product, 3, new Payload.AccessRevoked(null, "mal", "short")),
          event(product, 4, new Payload.ProductUpdated(null, "newer", null, null, null, null)),
          event(product, 5, new Payload.ProductUpdated(null, "newest", null, null, null, null))
        };
    var failing = events.clone();
    failing[large] =
        event(
            product,
            3 + large,
            large == 0
                ? new Payload.AccessRevoked(null, "mal", "x".repeat(1_100_000))
                : new Payload.ProductUpdated(null, "x".repeat(1_100_000), null, null, null, null));

    var refused = post(failing);
    assertThat(refused.statusCode()).as(refused.body()).isEqualTo(413);
    assertThat(JSON.readTree(refused.body()).get("detail").textValue())
        .startsWith("line " + (large + 1) + ": the event is larger than 1048576 bytes");
    site.settle();
    assertThat(get("/v1/products/" + product).path("description").asText()).doesNotContain("newe");
    assertThat(get("/v1/users/mal/access").get("items")).isNotEmpty();

    assertThat(post(events).statusCode()).isEqualTo(202);
    site.settle();
    assertThat(get("/v1/products/" + product).get("description").asText()).isEqualTo("newest");
    assertThat(get("/v1/users/mal/access").get("items")).isEmpty();
  }

  /** Who publishes products must not be able to give a leaver all access again. */
  @Test
  void shouldTakeEventsAboutUsersFromCallersWithThatRoleAlone() throws Exception {
    var product = EventText.of(event("roles", 1, Events.published("roles", "s1").payload()));
    var user = EventText.of(UserEvents.deactivated("zoe"));

    var byPublisher = site.post(0, "/v1/events", site.publisher, LINES, product + "\n" + user);
    var byDirectory = site.post(0, "/v1/events", site.userDirectory, LINES, user + "\n" + product);

    assertThat(byPublisher.statusCode()).isEqualTo(403);
    assertThat(JSON.readTree(byPublisher.body()).get("detail").textValue())
        .isEqualTo(
            "the token of publisher lacks the role publish-users, which events about users need"
                + " (line 2)");
    assertThat(byDirectory.statusCode()).isEqualTo(403);
    assertThat(JSON.readTree(byDirectory.body()).get("detail").textValue())
        .isEqualTo(
            "the token of directory lacks the role publish, which events about products need"
                + " (line 2)");
    site.settle();
    assertThat(site.get(0, "/v1/products/roles").statusCode()).isEqualTo(404);

    assertThat(site.post(0, "/v1/events", site.userDirectory, LINES, user).statusCode())
        .isEqualTo(202);
    site.settle();
    assertThat(get("/v1/users/zoe/access").has("deactivated")).isTrue();
  }

  @Test
  void shouldNameThePublisherInAHeader() throws Exception {
    assertThat(post(event("who", 1, Events.published("who", "s1").payload())).statusCode())
        .isEqualTo(202);

    var settings = new HashMap<>(site.config.clientConfig());
    settings.put("isolation.level", "read_committed");
    try (var consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      var topic = site.config.topicPrefix() + "product-events";
      var partitions =
          consumer.partitionsFor(topic).stream()
              .map(info -> new TopicPartition(topic, info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      var publishers = new HashMap<String, String>();
      Awaitility.await()
          .atMost(Workers.TIMEOUT)
          .until(
              () -> {
                consumer
                    .poll(Duration.ofMillis(200))
                    .forEach(
                        record ->
                            record
                                .headers()
                                .headers("sluice.publisher")
                                .forEach(
                                    header ->
                                        publishers.put(
                                            new String(record.key(), UTF_8),
                                            new String(header.value(), UTF_8))));
                return publishers.containsKey("who");
              });
      assertThat(publishers).containsEntry("who", "publisher");
    }
  }
}
