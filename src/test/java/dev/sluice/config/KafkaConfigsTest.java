package dev.sluice.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.apache.kafka.streams.StreamsConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KafkaConfigsTest {

  @Test
  void shouldTellNoBrokerTheTopologyUnlessToldTo() {
    var key = StreamsConfig.TOPOLOGY_DESCRIPTION_PUSH_ENABLED_CONFIG;

    assertThat(new StreamsConfig(SluiceConfig.of(Map.of()).streamsConfig()).getBoolean(key))
        .isFalse();
    assertThat(
            new StreamsConfig(SluiceConfig.of(Map.of("streams." + key, "true")).streamsConfig())
                .getBoolean(key))
        .isTrue();
  }

  @Test
  void shouldPassWhatIsForKafkaToClientsAndStreams() {
    var environment = Map.of("SLUICE_KAFKA_SECURITY_PROTOCOL", "SSL");

    var config = SluiceConfig.load(null, environment, List.of("streams.num.standby.replicas=1"));

    assertThat(config.clientConfig())
        .containsOnly(
            Map.entry("bootstrap.servers", "localhost:9092"),
            Map.entry("security.protocol", "SSL"));
    assertThat(config.streamsConfig())
        .containsEntry("security.protocol", "SSL")
        .containsEntry("num.standby.replicas", "1");
  }

  @Test
  void shouldGiveStreamsWhatItAccepts() {
    var config =
        SluiceConfig.of(Map.of("threads", "3", "data.dir", "/d", "topic.replication.factor", "1"));

    var streams = new StreamsConfig(config.streamsConfig());

    assertThat(streams.getString("processing.guarantee")).isEqualTo("exactly_once_v2");
    assertThat(streams.getInt("num.stream.threads")).isEqualTo(3);
    assertThat(streams.getLong("commit.interval.ms")).isEqualTo(100);
    assertThat(streams.getString("state.dir")).isEqualTo("/d/state");
    assertThat(streams.getInt("replication.factor")).isEqualTo(1);
    assertThat(streams.getLong("statestore.cache.max.bytes"))
        .as("for two small stores")
        .isEqualTo(3L << 20);
    assertThat(streams.getProducerConfigs("p"))
        .containsEntry("compression.type", "lz4")
        .containsEntry("linger.ms", 20)
        .containsEntry("batch.size", 262_144);
  }

  @ParameterizedTest
  @CsvSource({
    "kafka.retry.backoff.ms, 50",
    "streams.producer.retry.backoff.ms, 50",
    "streams.retry.backoff.ms, 50"
  })
  void shouldRetrySoonUnlessToldOtherwise(String key, String value) {
    var own = new StreamsConfig(SluiceConfig.of(Map.of()).streamsConfig());
    assertThat(own.getProducerConfigs("p")).containsEntry("retry.backoff.ms", 5);
    assertThat(own.getMainConsumerConfigs("g", "c", 0)).doesNotContainEntry("retry.backoff.ms", 5);

    var streams = new StreamsConfig(SluiceConfig.of(Map.of(key, value)).streamsConfig());
    assertThat(streams.getProducerConfigs("p")).containsEntry("retry.backoff.ms", value);
  }

  @ParameterizedTest
  @CsvSource({"kafka.linger.ms, 5", "streams.producer.linger.ms, 5", "streams.linger.ms, 5"})
  void shouldLetTheProducersTuningBeChanged(String key, String value) {
    var streams = new StreamsConfig(SluiceConfig.of(Map.of(key, value)).streamsConfig());

    assertThat(streams.getProducerConfigs("p")).containsEntry("linger.ms", value);
  }

  @ParameterizedTest
  @CsvSource({"10, 10000", "100, 10000", "3333, 10000", "10001, 30003", "60000, 180000"})
  void shouldGiveTransactionsMoreTimeThanTheyGather(String commitInterval, String expected) {
    var config = SluiceConfig.of(Map.of("commit.interval.ms", commitInterval));

    var streams = new StreamsConfig(config.streamsConfig());

    assertThat(streams.getProducerConfigs("p")).containsEntry("transaction.timeout.ms", expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "kafka.transaction.timeout.ms",
        "streams.transaction.timeout.ms",
        "streams.producer.transaction.timeout.ms"
      })
  void shouldLetTheTimeOfTransactionsBeChanged(String key) {
    var config = SluiceConfig.of(Map.of(key, "45000", "commit.interval.ms", "40000"));

    var streams = new StreamsConfig(config.streamsConfig());

    assertThat(streams.getProducerConfigs("p")).containsEntry("transaction.timeout.ms", "45000");
  }

  @ParameterizedTest
  @CsvSource({
    "100, threads, 3, 4950",
    "100, schema.registry.unknown.schema.wait.ms, 30000, 4950",
    "100, schema.registry.unknown.schema.wait.ms, 700, 700",
    "100, schema.registry.unknown.schema.wait.ms, 0, 0",
    "100, streams.producer.transaction.timeout.ms, 6000, 2950",
    "100, kafka.transaction.timeout.ms, 6000, 2950",
    "60000, schema.registry.unknown.schema.wait.ms, 3600000, 60000",
    "100, streams.producer.transaction.timeout.ms, 60000, 5000",
  })
  void shouldNotWaitForASchemaUntilTheTransactionIsOver(
      String commitInterval, String key, String value, long expected) {
    var config = SluiceConfig.of(Map.of("commit.interval.ms", commitInterval, key, value));

    assertThat(config.unknownSchemaWait()).hasMillis(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "threads, 3, 300000",
    "kafka.max.poll.interval.ms, 60000, 60000",
    "streams.main.consumer.max.poll.interval.ms, 90000, 90000"
  })
  void shouldKnowHowLongAThreadMayBeBusy(String key, String value, long expected) {
    assertThat(SluiceConfig.of(Map.of(key, value)).maxPollInterval()).hasMillis(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "kafka.acks",
        "kafka.enable.idempotence",
        "kafka.isolation.level",
        "kafka.auto.offset.reset",
        "kafka.transactional.id",
        "streams.processing.guarantee",
        "streams.producer.acks",
        "streams.main.consumer.isolation.level",
        "streams.processing.exception.handler"
      })
  void shouldRefuseToPassThroughWhatItsGuaranteesRestOn(String key) {
    assertThatThrownBy(() -> SluiceConfig.of(Map.of(key, "x")))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageStartingWith(key + " is \"x\" (the program), but Sluice sets ")
        .hasMessageEndingWith(" itself, because its guarantees rest on it; remove the setting.");
  }

  @ParameterizedTest
  @CsvSource({
    "streams.num.stream.threads, threads",
    "streams.state.dir, data.dir",
    "kafka.bootstrap.servers, bootstrap.servers"
  })
  void shouldPointToItsOwnSettingWhereThereIsOne(String key, String own) {
    assertThatThrownBy(() -> SluiceConfig.of(Map.of(key, "x")))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessage(
            "%s is \"x\" (the program), but Sluice sets it from %s; set that instead.", key, own);
  }

  @Test
  void shouldRefuseStandbysWhereTheBrokerDecidesAboutThem() {
    var settings =
        Map.of("group.protocol", "streams", "streams.num.standby.replicas", "1", "threads", "1");

    assertThatThrownBy(() -> SluiceConfig.of(settings))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageStartingWith("streams.num.standby.replicas is \"1\"")
        .hasMessageContaining("this is a setting of the broker")
        .hasMessageEndingWith("--add-config streams.num.standby.replicas=1");
  }

  @Test
  void shouldGiveSerializersPlainSecretsAndTheirOwnSettings() {
    var config =
        SluiceConfig.of(
            Map.of(
                "basic.auth.credentials.source", "USER_INFO",
                "basic.auth.user.info", "u:p",
                "schema.registry.url", "http://a,http://b",
                "schema.registry.ssl.truststore.location", "/t",
                "normalize.schemas", "true",
                "schema.registry.request.timeout.ms", "700",
                "sluice.serializer.class", "io.confluent.kafka.serializers.KafkaAvroSerializer",
                "sluice.deserializer.class", "io.confluent.kafka.serializers.KafkaAvroDeserializer",
                "threads", "3"));

    assertThat(config.serdeConfig())
        .containsOnly(
            Map.entry("schema.registry.url", "http://a,http://b"),
            Map.entry("basic.auth.credentials.source", "USER_INFO"),
            Map.entry("basic.auth.user.info", "u:p"),
            Map.entry("schema.registry.request.timeout.ms", 700),
            Map.entry("auto.register.schemas", true),
            Map.entry("use.latest.version", false),
            Map.entry(
                "value.subject.name.strategy",
                "io.confluent.kafka.serializers.subject.TopicNameStrategy"),
            Map.entry("schema.registry.ssl.truststore.location", "/t"),
            Map.entry("normalize.schemas", "true"));
  }
}
