package dev.sluice.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.dev.registry.RegistryServer;
import dev.sluice.rights.RightNames;
import dev.sluice.testing.WorkerProcess;
import dev.sluice.testing.Workers;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Processes that are given secrets in every way there is, work or fail with them, and log all that
 * they can: everything that they say.
 */
final class PlantedSecrets {
  static final String USER = "planted";
  static final RightNames NAMES = new RightNames("planted.", "planted", "");

  private static final String PASSWORD = "hush-sasl-7f3a";
  private static final String WRONG_PASSWORD = "hush-wrong-5d1e";
  private static final String REGISTRY_USER = "hush-user";
  private static final String REGISTRY_PASSWORD = "hush-registry-91c2";
  private static final String URL_PASSWORD = "hush-url-c4d8";
  private static final String WRONG_STORE = "hush-store-e07b";
  private static final String TOKEN = "hush-token-08aa";
  private static final Duration END_MAX = Workers.TIMEOUT;
  private static final Pattern PORT = Pattern.compile("API at http://[^:]+:(\\d+)");

  private static final String LOGBACK =
      """
      <configuration>
        <appender name="STDERR" class="ch.qos.logback.core.ConsoleAppender">
          <target>System.err</target>
          <encoder><pattern>%-5level %logger %msg%n%ex</pattern></encoder>
        </appender>
        <root level="DEBUG"><appender-ref ref="STDERR"/></root>
      </configuration>
      """;

  private final SecuredBroker broker;
  private final Path folder;
  private final String storePassword;

  /** Writes in that folder. */
  PlantedSecrets(SecuredBroker broker, Path folder, String storePassword) {
    this.broker = broker;
    this.folder = folder;
    this.storePassword = storePassword;
  }

  String password() {
    return PASSWORD;
  }

  /** Those that stand in a text, also as they go over the wire. */
  List<String> secretsIn(String text) {
    var basic =
        Base64.getEncoder()
            .encodeToString((REGISTRY_USER + ":" + REGISTRY_PASSWORD).getBytes(UTF_8));
    return List.of(
            PASSWORD,
            WRONG_PASSWORD,
            REGISTRY_PASSWORD,
            URL_PASSWORD,
            WRONG_STORE,
            TOKEN,
            storePassword,
            basic)
        .stream()
        .filter(text::contains)
        .toList();
  }

  /** By where it was said. */
  Map<String, String> everythingSaid() throws Exception {
    var logback = Files.writeString(folder.resolve("debug.xml"), LOGBACK);
    var said = new LinkedHashMap<String, String>();
    try (var registry = RegistryServer.start(0, null);
        var good = start("good", logback, registry.url(), "run", Map.of());
        var wrongPassword =
            start(
                "wrong-password",
                logback,
                registry.url(),
                "run",
                Map.of("kafka.sasl.jaas.config", SecuredBroker.jaas(USER, WRONG_PASSWORD)));
        var wrongStore =
            start(
                "wrong-store",
                logback,
                "http://" + REGISTRY_USER + ":" + URL_PASSWORD + "@127.0.0.1:1",
                "check",
                Map.of("kafka.ssl.truststore.password", WRONG_STORE))) {
      assertThat(wrongPassword.status(END_MAX)).isEqualTo(1);
      assertThat(wrongStore.status(END_MAX)).isEqualTo(1);
      good.awaitLine("running: 1 threads");
      for (var path : List.of("/info", "/metrics", "/health/ready")) {
        said.put(path, get(good, path));
      }
      good.terminate();
      good.status(END_MAX);
      said.put("good", text(good, "DEBUG org.apache.kafka"));
      said.put("wrong password", text(wrongPassword, "check the user and the password"));
      said.put("wrong store", text(wrongStore, "FAILED"));
    }
    return said;
  }

  private WorkerProcess start(
      String name, Path logback, String registry, String command, Map<String, String> wrong)
      throws IOException {
    var secrets =
        Files.writeString(
            folder.resolve("secrets.properties"),
            "jaas=%s\nstore=%s\n".formatted(SecuredBroker.jaas(USER, PASSWORD), storePassword));
    var settings = new HashMap<>(broker.clients(USER, ""));
    settings.put("bootstrap.servers", broker.bootstrapServers());
    settings.put("application.id", NAMES.applicationId());
    settings.put("topic.prefix", NAMES.prefix());
    settings.put("topic.partitions", "1");
    settings.put("access.partitions", "1");
    settings.put("threads", "1");
    settings.put("data.dir", folder.resolve(name).toString());
    settings.put("http.host", "127.0.0.1");
    settings.put("http.port", "0");
    settings.put("schema.registry.url", registry);
    settings.put("config.providers", "file,env");
    settings.put("kafka.sasl.jaas.config", "${file:" + secrets + ":jaas}");
    settings.put("kafka.ssl.keystore.location", broker.keys().toString());
    settings.put("kafka.ssl.keystore.type", "PKCS12");
    settings.put("kafka.ssl.keystore.password", "${file:" + secrets + ":store}");
    settings.put("kafka.ssl.key.password", "${env:STORE}");
    settings.put("kafka.sasl.oauthbearer.client.credentials.client.secret", TOKEN);
    if (!registry.contains("@")) {
      settings.put("basic.auth.credentials.source", "USER_INFO");
      settings.put("basic.auth.user.info", "${env:REGISTRY}");
    }
    var environment = new HashMap<String, String>();
    environment.put("STORE", storePassword);
    environment.put("REGISTRY", REGISTRY_USER + ":" + REGISTRY_PASSWORD);
    environment.put(
        "SLUICE_KAFKA_SSL_TRUSTSTORE_PASSWORD", settings.remove("kafka.ssl.truststore.password"));
    settings.putAll(wrong);
    var file = folder.resolve(name + ".properties");
    Files.write(
        file, settings.entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).toList());
    var arguments = new ArrayList<>(List.of(command, "--config", file.toString()));
    // These outrank the environment.
    wrong.forEach((key, value) -> arguments.addAll(List.of("-o", key + "=" + value)));
    return WorkerProcess.start(folder.resolve(name + ".log"), logback, environment, arguments);
  }

  private static String get(WorkerProcess worker, String path) throws Exception {
    var port = PORT.matcher(String.join("\n", worker.lines())).results().findFirst().orElseThrow();
    try (var client = HttpClient.newHttpClient()) {
      var uri = URI.create("http://127.0.0.1:" + port.group(1) + path);
      return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body();
    }
  }

  /** All of it, which must hold what shows that it is what was meant. */
  private static String text(WorkerProcess worker, String telling) {
    var text = String.join("\n", worker.lines());
    assertThat(text).contains(telling);
    return text;
  }
}
