package dev.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.avro.AccessCommand;
import dev.sluice.check.CheckRunner;
import dev.sluice.check.Finding;
import dev.sluice.check.Finding.Verdict;
import dev.sluice.dev.registry.MockSchemaRegistry;
import dev.sluice.testing.TestCluster;
import dev.sluice.testing.Workers;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.avro.SchemaBuilder;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A place where all is well, and then one thing is not. */
class CheckIT {
  @RegisterExtension static final TestCluster CLUSTER = TestCluster.own(Map.of());

  private static Admin admin;
  private static ServerSocket taken;

  @BeforeAll
  static void start() throws Exception {
    admin = Admin.create(Map.of("bootstrap.servers", CLUSTER.bootstrapServers()));
    taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    admin
        .createTopics(
            List.of(
                new NewTopic("badly.access-commands", 2, (short) 1),
                new NewTopic("lost-access-updates-repartition", 1, (short) 1)))
        .all()
        .get();
    MockSchemaRegistry.of("mixed")
        .register(
            "mixed.access-commands-value",
            SchemaBuilder.record(AccessCommand.class.getSimpleName())
                .namespace("other")
                .fields()
                .requiredInt("other")
                .endRecord());
  }

  @AfterAll
  static void stop() throws IOException {
    taken.close();
    admin.close();
  }

  private static List<Finding> check(String id, Map<String, String> more) {
    var settings = new HashMap<>(Map.of("http.host", "127.0.0.1", "http.port", "-1"));
    settings.putAll(more);
    return CheckRunner.run(CLUSTER.config(id, settings)).findings();
  }

  private static List<Finding> failed(List<Finding> findings) {
    return findings.stream().filter(f -> f.verdict() == Verdict.FAILED).toList();
  }

  @Test
  void shouldPassBeforeAFirstStartAndChangeNothing() throws Exception {
    var before = topics();
    var findings = check("good", Map.of());

    assertThat(failed(findings)).isEmpty();
    assertThat(findings)
        .contains(
            new Finding("topic good.access-commands", Verdict.OK, "is created at the start", null))
        .extracting(Finding::what)
        .contains("broker 1", "kafka features", "schema registry", "group offsets");
    assertThat(findings.stream().filter(f -> f.verdict() == Verdict.WARNING))
        .as("the rights to topics that do not exist yet")
        .singleElement()
        .satisfies(f -> assertThat(f.what()).isEqualTo("rights"));
    assertThat(topics()).isEqualTo(before);
    assertThat(CLUSTER.folder().resolve("good")).doesNotExist();
  }

  private static Set<String> topics() throws Exception {
    return admin.listTopics().names().get();
  }

  static Stream<Arguments> troubles() throws IOException {
    var file = Files.writeString(CLUSTER.folder().resolve("file"), "");
    return Stream.of(
        Arguments.of("file", Map.of("data.dir", file.toString()), "data.dir", "is not a folder"),
        Arguments.of(
            "port",
            Map.of("http.port", "" + taken.getLocalPort()),
            "http.port",
            "cannot listen on port"),
        Arguments.of(
            "levels",
            Map.of("log.levels.file", CLUSTER.folder().toString()),
            "log.levels.file",
            "cannot be read"),
        Arguments.of(
            "registry",
            Map.of("schema.registry.url", "http://127.0.0.1:1"),
            "schema registry",
            "no connection"),
        Arguments.of(
            "unregistered",
            Map.of("auto.register.schemas", "false"),
            "subject unregistered.access-commands-value",
            "register avro/AccessCommand.avsc there"),
        Arguments.of(
            "mixed", Map.of(), "subject mixed.access-commands-value", "are incompatible with"),
        Arguments.of("badly", Map.of(), "topic badly.access-commands", "cleanup.policy=delete"),
        Arguments.of(
            "many",
            Map.of("topic.replication.factor", "3"),
            "topic many.product-status",
            "cannot be created: "),
        Arguments.of(
            "lost", Map.of(), "topic identity", "topic lost.product-events is missing, but"),
        Arguments.of(
            "narrow",
            Map.of("application.id", "lost", "access.partitions", "2"),
            "topic lost-access-updates-repartition",
            "set access.partitions=1"),
        Arguments.of(
            "keystore",
            Map.of("http.port", "0", "http.tls.keystore", "/no/such.p12"),
            "http.tls",
            "http.tls.keystore is /no/such.p12, which cannot be used: the file does not exist"),
        Arguments.of(
            "tokens",
            Map.of("http.port", "0", "http.auth.file", "/no/such"),
            "http.auth",
            "http.auth.file is /no/such"),
        Arguments.of(
            "typo",
            Map.of(
                "http.port",
                "0",
                "http.auth.file",
                Files.writeString(CLUSTER.folder().resolve("tokens"), "ana raed abc").toString()),
            "http.auth",
            "line 1 of "),
        Arguments.of(
            "keys",
            Map.of(
                "http.port", "0",
                "http.auth.jwks", "http://127.0.0.1:1/k",
                "http.auth.issuer", "i",
                "http.auth.audience", "a"),
            "http.auth",
            "the key set http://127.0.0.1:1/k cannot be read"),
        Arguments.of(
            "trust",
            Map.of("kafka.security.protocol", "SSL", "kafka.ssl.truststore.location", "/no/such"),
            "kafka.ssl.truststore.location",
            "does not exist"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("troubles")
  void shouldReportEachFaultAndContinue(
      String id, Map<String, String> wrong, String what, String says) {
    var findings = check(id, wrong);

    assertThat(failed(findings))
        .anySatisfy(
            finding -> {
              assertThat(finding.what()).isEqualTo(what);
              assertThat(finding.text() + ": " + finding.remedy()).contains(says);
            });
    assertThat(findings).extracting(Finding::what).contains("data.dir", "http.port", "kafka");
  }

  @Test
  void shouldFindAnotherWorkerInItsFolder() throws Exception {
    var config = CLUSTER.config("busy", Map.of());
    try (var worker = Workers.running(config)) {
      assertThat(failed(CheckRunner.run(config).findings()))
          .extracting(Finding::what)
          .containsExactly("data.dir");
      worker.failIfEnded();
    }
    assertThat(CheckRunner.run(config).findings())
        .as("all is there, and may be asked")
        .allMatch(finding -> finding.verdict() == Verdict.OK);
  }
}
