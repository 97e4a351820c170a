package dev.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.config.SluiceConfig;
import dev.sluice.limits.SizeLimits;
import dev.sluice.operator.OperatorException;
import dev.sluice.startup.TopicSetup;
import dev.sluice.testing.TestCluster;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.ConfigResource;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Topics that existed before the worker. */
class TopicSetupIT {
  @RegisterExtension static final TestCluster CLUSTER = TestCluster.shared();

  private static NewTopic topic(String name, Map<String, String> settings) {
    return new NewTopic(name, 6, (short) 1).configs(settings);
  }

  @Test
  void shouldRefuseTopicsThatAreTooNarrowForRecords() throws Exception {
    var config =
        SluiceConfig.of(
            Map.of("bootstrap.servers", CLUSTER.bootstrapServers(), "topic.prefix", "small."));
    try (var admin = Admin.create(config.clientConfig())) {
      admin
          .createTopics(
              List.of(
                  topic("small.product-events", Map.of("max.message.bytes", "1000")),
                  topic(
                      "small.product-status",
                      Map.of("cleanup.policy", "compact", "max.message.bytes", "1000000")),
                  topic("small.request-status", Map.of("cleanup.policy", "compact")),
                  topic("small.rejected-events", Map.of("max.message.bytes", "1048588"))))
          .all()
          .get();
      var setup = new TopicSetup(admin, config);

      // As below.
      Awaitility.await()
          .until(() -> setup.check().stream().filter(f -> f.problem() != null).count() == 2);
      assertThat(setup.check().stream().filter(f -> f.problem() != null).map(f -> f.problem()))
          .containsExactly(
              "topic small.product-status has max.message.bytes=1000000, but its records may take"
                  + " 1048588 bytes, and the worker would stop at such a record; change it:"
                  + " kafka-configs.sh --bootstrap-server "
                  + CLUSTER.bootstrapServers()
                  + " --alter --entity-type topics --entity-name small.product-status --add-config"
                  + " max.message.bytes=1048588",
              "topic small.rejected-events has max.message.bytes=1048588, but its records may take"
                  + " 6291456 bytes, and the worker would stop at such a record; change it:"
                  + " kafka-configs.sh --bootstrap-server "
                  + CLUSTER.bootstrapServers()
                  + " --alter --entity-type topics --entity-name small.rejected-events --add-config"
                  + " max.message.bytes=6291456");
      assertThatThrownBy(setup::ensure).isInstanceOf(OperatorException.class);
    }
  }

  @Test
  void shouldRefuseOutputsThatRejectOldTimestamps() throws Exception {
    var config =
        SluiceConfig.of(
            Map.of("bootstrap.servers", CLUSTER.bootstrapServers(), "topic.prefix", "young."));
    var aDay = Map.of("message.timestamp.before.max.ms", "86400000", "cleanup.policy", "compact");
    var byArrival = new HashMap<>(aDay);
    byArrival.put("message.timestamp.type", "LogAppendTime");
    try (var admin = Admin.create(config.clientConfig())) {
      admin
          .createTopics(
              List.of(
                  topic("young.product-status", aDay), topic("young.request-status", byArrival)))
          .all()
          .get();

      // As below.
      Awaitility.await()
          .untilAsserted(
              () ->
                  assertThat(new TopicSetup(admin, config).check().stream().map(f -> f.problem()))
                      .filteredOn(problem -> problem != null)
                      .containsExactly(
                          "topic young.product-status has message.timestamp.before.max.ms=86400000,"
                              + " but its records carry the time of their event, which may be"
                              + " longer ago, and the worker would stop at such a record; change"
                              + " it: kafka-configs.sh --bootstrap-server "
                              + CLUSTER.bootstrapServers()
                              + " --alter --entity-type topics --entity-name young.product-status"
                              + " --add-config"
                              + " message.timestamp.before.max.ms=9223372036854775807"));
    }
  }

  @Test
  void shouldWarnOfEventsThatAreDeletedByAgeOrSize() throws Exception {
    var config =
        SluiceConfig.of(
            Map.of("bootstrap.servers", CLUSTER.bootstrapServers(), "topic.prefix", "week."));
    try (var admin = Admin.create(config.clientConfig())) {
      admin
          .createTopics(
              List.of(
                  topic(
                      "week.product-events",
                      Map.of("retention.ms", "604800000", "compression.type", "uncompressed")),
                  topic(
                      "week.request-status",
                      Map.of("retention.ms", "604800000", "cleanup.policy", "compact"))))
          .all()
          .get();

      // As below.
      Awaitility.await()
          .untilAsserted(
              () -> {
                var events = new TopicSetup(admin, config).check("week.product-events");
                assertThat(events.problem()).isNull();
                assertThat(events.retention())
                    .isEqualTo("retention.ms=604800000, retention.bytes=-1");
                assertThat(events.warning())
                    .startsWith(
                        "topic week.product-events has retention.ms=604800000: older records are")
                    .endsWith(
                        "kafka-configs.sh --bootstrap-server %s --alter --entity-type topics --entity-name week.product-events --add-config retention.ms=-1"
                            .formatted(CLUSTER.bootstrapServers()));
                var statuses = new TopicSetup(admin, config).check("week.request-status");
                assertThat(statuses.warning()).as("compaction alone counts").isNull();
              });
    }
  }

  @Test
  void shouldWarnOfEventsThatTheBrokerMeasuresCompressed() throws Exception {
    var config =
        SluiceConfig.of(
            Map.of("bootstrap.servers", CLUSTER.bootstrapServers(), "topic.prefix", "lz4."));
    try (var admin = Admin.create(config.clientConfig())) {
      admin
          .createTopics(
              List.of(
                  topic("lz4.product-events", Map.of("retention.ms", "-1")),
                  topic("lz4.request-status", Map.of("cleanup.policy", "compact"))))
          .all()
          .get();

      // As below.
      Awaitility.await()
          .untilAsserted(
              () -> {
                var events = new TopicSetup(admin, config).check("lz4.product-events");
                assertThat(events.problem()).isNull();
                assertThat(events.warning())
                    .startsWith("topic lz4.product-events has compression.type=producer: ")
                    .endsWith(
                        "kafka-configs.sh --bootstrap-server %s --alter --entity-type topics --entity-name lz4.product-events --add-config compression.type=uncompressed"
                            .formatted(CLUSTER.bootstrapServers()));
                assertThat(new TopicSetup(admin, config).check("lz4.request-status").warning())
                    .isNull();
              });
    }
  }

  @Test
  void shouldCreateTheInputUncompressedSoThatItsLimitCountsRealBytes() throws Exception {
    var config =
        SluiceConfig.of(
            Map.of("bootstrap.servers", CLUSTER.bootstrapServers(), "topic.prefix", "plain."));
    try (var admin = Admin.create(config.clientConfig())) {
      new TopicSetup(admin, config).ensure();

      Awaitility.await()
          .untilAsserted(
              () -> {
                assertThat(setting(admin, "plain.product-events", "compression.type"))
                    .isEqualTo("uncompressed");
                assertThat(setting(admin, "plain.product-events", "max.message.bytes"))
                    .isEqualTo(Integer.toString(SizeLimits.EVENTS_TOPIC));
                assertThat(new TopicSetup(admin, config).check("plain.product-events").warning())
                    .isNull();
              });
    }
  }

  private static String setting(Admin admin, String topic, String name) throws Exception {
    var resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
    return admin.describeConfigs(List.of(resource)).all().get().get(resource).get(name).value();
  }

  @Test
  void shouldAcceptTheTopicsThatItCreated() {
    var config =
        SluiceConfig.of(
            Map.of("bootstrap.servers", CLUSTER.bootstrapServers(), "topic.prefix", "own."));
    try (var admin = Admin.create(config.clientConfig())) {
      var setup = new TopicSetup(admin, config);
      setup.ensure();

      // A broker answers from its copy of the metadata, which is a moment late.
      Awaitility.await()
          .untilAsserted(
              () ->
                  assertThat(setup.check())
                      .hasSize(6)
                      .allMatch(finding -> finding.warning() == null)
                      .allMatch(finding -> !finding.missing() && finding.problem() == null));
    }
  }
}
