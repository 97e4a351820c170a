package dev.sluice.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SluiceConfigTest {
  @TempDir Path folder;

  @Test
  void shouldHaveADefaultForEverythingThatIsNeeded() {
    var config = SluiceConfig.of(Map.of());

    assertThat(config.bootstrapServers()).isEqualTo("localhost:9092");
    assertThat(config.applicationId()).isEqualTo("sluice");
    assertThat(config.topicPrefix()).isEmpty();
    assertThat(config.get(WorkerKeys.THREADS)).isEqualTo(2);
    assertThat(config.get(WorkerKeys.COMMIT_INTERVAL)).hasMillis(100);
    assertThat(config.get(WorkerKeys.STATE_STORE)).isEqualTo(StateStore.ROCKSDB);
  }

  @Test
  void shouldPreferTheCommandLineToTheEnvironmentToTheFileToTheDefault() throws IOException {
    Path file = file("threads=3", "application.id = from-file", "topic.prefix=a.");
    var environment = Map.of("SLUICE_THREADS", "4", "SLUICE_APPLICATION_ID", "from-environment");

    var config = SluiceConfig.load(file, environment, List.of("threads=5"));

    assertThat(config.get(WorkerKeys.THREADS)).isEqualTo(5);
    assertThat(config.applicationId()).isEqualTo("from-environment");
    assertThat(config.topicPrefix()).isEqualTo("a.");
    assertThat(config.get(KafkaKeys.TOPIC_PARTITIONS)).isEqualTo(6);
  }

  @Test
  void shouldReadAFileAsUtf8WithCommentsAndContinuedLines() throws IOException {
    Path file =
        file("# Brokers \\", "bootstrap.servers=one:9092,\\", "  two:9092", "data.dir=/tmp/ü");

    var config = SluiceConfig.load(file, Map.of(), List.of());

    assertThat(config.bootstrapServers()).isEqualTo("one:9092,two:9092");
    assertThat(config.dataDir()).isEqualTo(Path.of("/tmp/ü"));
  }

  @Test
  void shouldSuggestTheKeyThatWasMeant() throws IOException {
    Path file = file("", "treads=4");

    assertRefused(() -> SluiceConfig.load(file, Map.of(), List.of()))
        .hasMessage("treads (line 2 of " + file + ") is not a setting; did you mean threads?");
  }

  @Test
  void shouldSuggestTheVariableThatWasMeant() {
    assertRefused(() -> SluiceConfig.load(null, Map.of("SLUICE_SERIALISER_CLASS", "x"), List.of()))
        .hasMessage(
            "serialiser.class (environment variable SLUICE_SERIALISER_CLASS) is not a"
                + " setting; did you mean SLUICE_SERIALIZER_CLASS?");
  }

  @ParameterizedTest
  @CsvSource({
    "security.protocol, kafka.security.protocol",
    "num.standby.replicas, streams.num.standby.replicas",
    "num.stream.threads, threads",
    "schema.registry.urls, schema.registry.url"
  })
  void shouldSuggestWhatKafkasOwnNamesAreCalledHere(String key, String meant) {
    assertRefused(() -> SluiceConfig.of(Map.of(key, "x")))
        .hasMessageEndingWith("did you mean " + meant + "?");
  }

  @Test
  void shouldSuggestNothingWhereNothingIsNear() {
    assertRefused(() -> SluiceConfig.of(Map.of("colour", "red")))
        .hasMessage(
            "colour (the program) is not a setting; docs/configuration.md lists all settings.");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "threads|0|a number from 1 to 256",
        "threads|many|a number from 1 to 256",
        "commit.interval.ms|5|a number from 10 to 60000",
        "topic.replication.factor|0|-1, or a number from 1 to 32767",
        "topic.prefix|a b|empty, or at most 150 letters, digits, '.', '_' and '-'",
        "group.protocol|consumer|classic or streams",
        "state.store|disk|rocksdb or memory",
        "auto.register.schemas|yes|true or false",
        "bootstrap.servers|localhost|one or more of host:port, with ports from 1 to 65535,"
            + " separated by commas",
        "bootstrap.servers|localhost:65536|one or more of host:port, with ports from 1 to 65535,"
            + " separated by commas",
        "bootstrap.servers|a:65535,b:0|one or more of host:port, with ports from 1 to 65535,"
            + " separated by commas",
        "value.subject.name.strategy|Topic|TopicNameStrategy, RecordNameStrategy,"
            + " TopicRecordNameStrategy, or the full name of a class"
      })
  void shouldNameWhatIsAllowedWhereAValueIsNot(String key, String value, String allowed) {
    assertRefused(() -> SluiceConfig.load(null, Map.of(), List.of(key + "=" + value)))
        .hasMessage(key + " is \"" + value + "\" (-o); it must be " + allowed + ".");
  }

  @Test
  void shouldRefuseAnOptionWithoutAValue() {
    assertRefused(() -> SluiceConfig.load(null, Map.of(), List.of("threads")))
        .hasMessage("-o takes key=value, not \"threads\".");
  }

  @Test
  void shouldSayThatTheFileDoesNotExist() {
    Path file = folder.resolve("missing.properties");

    assertRefused(() -> SluiceConfig.load(file, Map.of(), List.of()))
        .hasMessage("The settings file " + file + " does not exist.");
  }

  @Test
  void shouldIgnoreVariablesOfKubernetesOfTheLauncherAndOfOthers() {
    var environment =
        Map.of(
            "SLUICE_SERVICE_HOST", "10.0.0.1",
            "SLUICE_SERVICE_PORT_HTTP", "8080",
            "SLUICE_PORT", "tcp://10.0.0.1:8080",
            "SLUICE_PORT_8080_TCP_ADDR", "10.0.0.1",
            "SLUICE_JAVA_HOME", "/java",
            "SLUICE_JAVA_OPTS", "-Xmx1g",
            "SLUICE_LOG_LEVEL", "DEBUG",
            "SLUICE_HOME", "/sluice",
            "PATH", "/bin");

    var config = SluiceConfig.load(null, environment, List.of());

    assertThat(config.describe()).isEqualTo(SluiceConfig.of(Map.of()).describe());
  }

  @ParameterizedTest
  @ValueSource(strings = {"SLUICE_SERIALIZER_CLASS", "SLUICE_SLUICE_SERIALIZER_CLASS"})
  void shouldReachKeysOfItsOwnPrefixWithAndWithoutIt(String variable) {
    var config = SluiceConfig.load(null, Map.of(variable, "a.B"), List.of());

    assertThat(config.get(RegistryKeys.SERIALIZER_CLASS)).isEqualTo("a.B");
  }

  @Test
  void shouldHideSecretsInItsDescription() {
    var config =
        SluiceConfig.load(
            null,
            Map.of("SLUICE_BASIC_AUTH_USER_INFO", "u:hush"),
            List.of(
                "kafka.sasl.jaas.config=hush",
                "streams.producer.ssl.keystore.key=hush",
                "schema.registry.ssl.keystore.password=hush",
                "sluice.serializer.class=a.B",
                "sluice.deserializer.class=a.C",
                "schema.registry.url=http://u:hush@registry:8081",
                "threads=3"));

    assertThat(config.describe())
        .containsEntry("threads", "3 (-o)")
        .containsEntry("topic.partitions", "6 (default)")
        .containsEntry(
            "basic.auth.user.info", "[hidden] (environment variable SLUICE_BASIC_AUTH_USER_INFO)")
        .containsEntry("schema.registry.url", "http://[hidden]@registry:8081 (-o)");
    assertThat(config.describe().toString()).doesNotContain("hush");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "schema.registry.url=ftp://u:hush@registry",
        "basic.auth.user.info=",
        "passwort=hush"
      })
  void shouldHideSecretsInErrors(String option) {
    assertRefused(() -> SluiceConfig.load(null, Map.of(), List.of(option)))
        .message()
        .doesNotContain("u:hush")
        .doesNotContain("=hush")
        .doesNotContain("\"hush");
  }

  @Test
  void shouldAskForUserInfoWhereTheSourceIsUserInfo() {
    assertRefused(() -> SluiceConfig.of(Map.of("basic.auth.credentials.source", "USER_INFO")))
        .hasMessage(
            "basic.auth.credentials.source is \"USER_INFO\" (the program), which needs"
                + " basic.auth.user.info; set it to user:password.");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "bearer.auth.credentials.source=STATIC_TOKEN|needs bearer.auth.token; set it to the token",
        "bearer.auth.token=hush|sent only where bearer.auth.credentials.source is STATIC_TOKEN",
        "bearer.auth.credentials.source=STATIC_TOKEN,bearer.auth.token=hu sh|must be a bearer"
            + " token",
        "bearer.auth.credentials.source=STATIC_TOKEN,bearer.auth.token=hush,"
            + "basic.auth.credentials.source=URL|the registry accepts only one of the two",
        "schema.registry.ssl.keystore.type=hush|must be JKS, PKCS12 or PEM"
      })
  void shouldRefuseCredentialsThatWouldNotBeSent(String options, String words) {
    assertRefused(() -> SluiceConfig.load(null, Map.of(), List.of(options.split(","))))
        .message()
        .contains(words)
        .doesNotContain("hu sh");
  }

  @Test
  void shouldHandTokenAndTlsToTheSerializersAndShowThemToNobody() {
    var config =
        SluiceConfig.of(
            Map.of(
                "bearer.auth.credentials.source", "STATIC_TOKEN",
                "bearer.auth.token", "hush",
                "schema.registry.ssl.truststore.location", "/t.pem",
                "schema.registry.ssl.truststore.type", "PEM",
                "schema.registry.ssl.keystore.key", "hush",
                "schema.registry.ssl.keystore.certificate.chain", "hush",
                "schema.registry.ssl.keystore.type", "PEM",
                "schema.registry.ssl.key.password", "hush"));

    assertThat(config.serdeConfig())
        .containsEntry("bearer.auth.token", "hush")
        .containsEntry("schema.registry.ssl.keystore.key", "hush")
        .containsEntry("schema.registry.ssl.truststore.location", "/t.pem")
        .doesNotContainKeys("basic.auth.credentials.source", "sluice.schema.compatibility");
    assertThat(config.describe().toString() + config.published())
        .contains("/t.pem")
        .doesNotContain("hush");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "basic.auth.credentials.source|SASL_INHERIT|set it to USER_INFO",
        "bearer.auth.credentials.source|OAUTHBEARER|set it to STATIC_TOKEN",
        "schema.registry.ssl.cipher.suites|a|remove the setting, since Sluice's own serializers use"
            + " Java's protocols and always check the registry's name",
        "proxy.host|p|set -Dhttps.proxyHost=... and similar options in SLUICE_JAVA_OPTS",
        "http.read.timeout.ms|9|set schema.registry.request.timeout.ms",
        "bearer.auth.client.id|me|set bearer.auth.credentials.source to STATIC_TOKEN and"
            + " bearer.auth.token to a token",
        "normalize.schemas|true|remove the setting"
      })
  void shouldRefuseWhatItsOwnSerializersWouldPassOver(String key, String value, String remedy) {
    for (var own : List.of("", "sluice.serializer.class", "sluice.deserializer.class")) {
      var settings = new LinkedHashMap<>(Map.of(key, value));
      if (!own.isEmpty()) {
        settings.put(own, "io.confluent.kafka.serializers.KafkaAvroSerializer");
      }
      assertRefused(() -> SluiceConfig.of(settings))
          .message()
          .startsWith(key + " is \"")
          .endsWith(
              " (the program), which only Confluent's serializers support; "
                  + remedy
                  + ", or set sluice.serializer.class and sluice.deserializer.class to"
                  + " Confluent's.");
    }
    SluiceConfig.of(
        Map.of(key, value, "sluice.serializer.class", "a.B", "sluice.deserializer.class", "a.C"));
  }

  private Path file(String... lines) throws IOException {
    return Files.write(folder.resolve("sluice.properties"), List.of(lines));
  }

  private static AbstractThrowableAssert<?, ? extends Throwable> assertRefused(Runnable load) {
    return assertThatThrownBy(load::run).isInstanceOf(InvalidConfigException.class);
  }
}
