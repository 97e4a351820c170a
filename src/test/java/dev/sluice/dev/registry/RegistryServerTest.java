package dev.sluice.dev.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.avro.AccessCommand;
import dev.sluice.registry.ConfluentAvroDeserializer;
import dev.sluice.registry.ConfluentAvroSerializer;
import dev.sluice.registry.Records;
import dev.sluice.registry.RegistryUnavailableException;
import dev.sluice.registry.SchemaRegistries;
import dev.sluice.registry.SchemaRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class RegistryServerTest {
  private static final Schema ONE = SchemaBuilder.record("A").fields().requiredInt("x").endRecord();
  private static final Schema TWO = SchemaBuilder.record("B").fields().requiredInt("x").endRecord();

  private final HttpClient http = HttpClient.newHttpClient();

  @Test
  void shouldKeepIdsOverARestart(@TempDir Path directory) throws Exception {
    Path file = directory.resolve("deeper/registry.json");
    int one;
    int two;
    try (RegistryServer server = RegistryServer.start(0, file);
        SchemaRegistry registry = client(server)) {
      one = registry.register("a", ONE);
      two = registry.register("b", TWO);
      assertThat(registry.register("c", ONE)).isEqualTo(one).isNotEqualTo(two);
    }
    try (RegistryServer server = RegistryServer.start(0, file);
        SchemaRegistry registry = client(server)) {
      assertThat(registry.byId(one)).isEqualTo(ONE);
      assertThat(registry.byId(two)).isEqualTo(TWO);
      assertThat(registry.idOf("c", ONE)).isEqualTo(one);
      assertThat(registry.register("d", Schema.create(Schema.Type.LONG))).isEqualTo(3);
    }
  }

  @Test
  void shouldRoundTripRecordsOverARestart(@TempDir Path directory) throws Exception {
    Path file = directory.resolve("registry.json");
    byte[] payload;
    AccessCommand command = Records.command();
    try (RegistryServer server = RegistryServer.start(0, file);
        ConfluentAvroSerializer serializer = new ConfluentAvroSerializer()) {
      serializer.configure(Map.of("schema.registry.url", server.url()), false);
      payload = serializer.serialize("access-commands", command);
    }
    try (RegistryServer server = RegistryServer.start(0, file);
        ConfluentAvroDeserializer deserializer = new ConfluentAvroDeserializer()) {
      deserializer.configure(Map.of("schema.registry.url", server.url()), false);
      assertThat(deserializer.deserialize("access-commands", payload)).isEqualTo(command);
    }
  }

  @Test
  void shouldNotAnswerBeforeTheFileHoldsTheSchema(@TempDir Path directory) throws Exception {
    Path file = directory.resolve("registry.json");
    try (RegistryServer server = RegistryServer.start(0, file);
        SchemaRegistry registry = client(server)) {
      // A directory where the next file is to be written makes every save fail.
      Path inTheWay = Files.createDirectory(directory.resolve("registry.json.next"));
      assertThatExceptionOfType(RegistryUnavailableException.class)
          .isThrownBy(() -> registry.register("a", ONE));
      assertThat(get(server, "/subjects").body()).isEqualTo("[]");

      Files.delete(inTheWay);
      assertThat(registry.register("a", ONE)).isEqualTo(1);
    }
  }

  @Test
  void shouldRefuseToStartFromABrokenFile(@TempDir Path directory) throws Exception {
    Path file = Files.writeString(directory.resolve("registry.json"), "{\"schemas\":[");

    assertThatThrownBy(() -> RegistryServer.start(0, file))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(file.toString());
    assertThat(file).hasContent("{\"schemas\":[");
  }

  @Test
  void shouldAnswerNoPageInABrowser() throws Exception {
    try (RegistryServer server = RegistryServer.start(0, null)) {
      HttpRequest page =
          HttpRequest.newBuilder(uri(server, "/subjects/s/versions"))
              .header("Origin", "http://evil.example.com")
              .POST(BodyPublishers.ofString("{\"schema\":\"\\\"int\\\"\"}"))
              .build();
      assertThat(http.send(page, BodyHandlers.ofString()).statusCode()).isEqualTo(403);
      assertThat(get(server, "/subjects").body()).isEqualTo("[]");
    }
  }

  /** A form of a page on another site can send these types, and no other. */
  @Test
  void shouldTakeNoSchemaThatIsNotSentAsJson() throws Exception {
    try (RegistryServer server = RegistryServer.start(0, null)) {
      for (String type : List.of("text/plain", "application/x-www-form-urlencoded", "")) {
        HttpRequest.Builder form =
            HttpRequest.newBuilder(uri(server, "/subjects/s/versions"))
                .POST(BodyPublishers.ofString("{\"schema\":\"\\\"int\\\"\"}"));
        if (!type.isEmpty()) {
          form.header("Content-Type", type);
        }
        HttpResponse<String> answer = http.send(form.build(), BodyHandlers.ofString());
        assertError(answer, 415, 415);
      }
      assertThat(get(server, "/subjects").body()).isEqualTo("[]");
      HttpRequest json =
          HttpRequest.newBuilder(uri(server, "/subjects/s/versions"))
              .header("Content-Type", "application/json; charset=utf-8")
              .POST(BodyPublishers.ofString("{\"schema\":\"\\\"int\\\"\"}"))
              .build();
      assertThat(http.send(json, BodyHandlers.ofString()).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void shouldSayThatThePortIsTaken() throws Exception {
    try (RegistryServer server = RegistryServer.start(0, null)) {
      int port = URI.create(server.url()).getPort();
      assertThatThrownBy(() -> RegistryServer.start(port, null))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("cannot listen on")
          .hasMessageContaining(String.valueOf(port));
    }
  }

  @Test
  void shouldAnswerAsConfluentsRegistryDoes() throws Exception {
    try (RegistryServer server = RegistryServer.start(0, null)) {
      String body = "{\"schema\":\"\\\"string\\\"\"}";
      assertThat(post(server, "/subjects/s/versions", body).body()).isEqualTo("{\"id\":1}");
      String described = "{\"subject\":\"s\",\"id\":1,\"version\":1,\"schema\":\"\\\"string\\\"\"}";
      assertThat(post(server, "/subjects/s", body).body()).isEqualTo(described);
      assertThat(get(server, "/subjects/s/versions/latest").body()).isEqualTo(described);
      assertThat(get(server, "/subjects/s/versions/1").body()).isEqualTo(described);
      assertThat(get(server, "/schemas/ids/1").body()).isEqualTo(body);
      assertThat(get(server, "/subjects").body()).isEqualTo("[\"s\"]");
      assertThat(get(server, "/subjects/s/versions").body()).isEqualTo("[1]");
      assertThat(get(server, "/config").body())
          .isEqualTo("{\"compatibilityLevel\":\"FULL_TRANSITIVE\"}");
    }
  }

  @Test
  void shouldAnswerErrorsWithConfluentsCodes() throws Exception {
    try (RegistryServer server = RegistryServer.start(0, null)) {
      String body = "{\"schema\":\"\\\"string\\\"\"}";
      assertError(get(server, "/subjects/s/versions/latest"), 404, 40401);
      assertError(get(server, "/subjects/s/versions"), 404, 40401);
      assertError(post(server, "/subjects/s", body), 404, 40401);
      post(server, "/subjects/s/versions", body);
      assertError(get(server, "/subjects/s/versions/2"), 404, 40402);
      assertError(get(server, "/subjects/s/versions/x"), 422, 42202);
      assertError(get(server, "/schemas/ids/2"), 404, 40403);
      assertError(post(server, "/subjects/s", "{\"schema\":\"\\\"long\\\"\"}"), 404, 40403);
      assertError(post(server, "/subjects/s/versions", "{\"schema\":\"\\\"long\\\"\"}"), 409, 409);
      assertError(post(server, "/subjects/s/versions", "{\"schema\":\"{}\"}"), 422, 42201);
      assertError(post(server, "/subjects/s/versions", "nonsense"), 422, 42201);
      assertError(get(server, "/"), 404, 404);
      assertError(get(server, "/subjects/s/elsewhere"), 404, 404);
      assertError(post(server, "/subjects/s/versions", " ".repeat((1 << 20) + 1)), 413, 413);
      HttpRequest delete = HttpRequest.newBuilder(uri(server, "/subjects/s")).DELETE().build();
      assertError(http.send(delete, BodyHandlers.ofString()), 405, 405);
    }
  }

  private static void assertError(HttpResponse<String> response, int status, int errorCode) {
    assertThat(response.statusCode()).isEqualTo(status);
    assertThat(response.body()).startsWith("{\"error_code\":" + errorCode + ",\"message\":\"");
  }

  private HttpResponse<String> get(RegistryServer server, String path) throws Exception {
    return http.send(HttpRequest.newBuilder(uri(server, path)).build(), BodyHandlers.ofString());
  }

  private HttpResponse<String> post(RegistryServer server, String path, String body)
      throws Exception {
    return http.send(
        HttpRequest.newBuilder(uri(server, path))
            .header("Content-Type", "application/vnd.schemaregistry.v1+json")
            .POST(BodyPublishers.ofString(body))
            .build(),
        BodyHandlers.ofString());
  }

  private static URI uri(RegistryServer server, String path) {
    return URI.create(server.url() + path);
  }

  private static SchemaRegistry client(RegistryServer server) {
    return SchemaRegistries.from(Map.of("schema.registry.url", server.url()));
  }
}
