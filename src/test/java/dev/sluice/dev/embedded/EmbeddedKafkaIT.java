package dev.sluice.dev.embedded;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.common.utils.internals.Exit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 120, unit = TimeUnit.SECONDS)
class EmbeddedKafkaIT {
  private static final String TOPIC = "letters";
  private static final int PARTITIONS = 3;

  @TempDir Path folder;

  @Test
  void shouldKeepTopicsAndCommittedRecordsWhenALastingBrokerIsRestarted() throws Exception {
    var settings = EmbeddedKafkaSettings.lasting(folder.resolve("kafka"));
    try (var kafka = EmbeddedKafka.start(settings.withPartitions(PARTITIONS))) {
      createTopic(kafka);
      produce(kafka, true, "a", "b");
      produce(kafka, false, "lost");
      assertThat(consume(kafka, 2)).containsExactly("a", "b");
    }

    try (var kafka = EmbeddedKafka.start(settings)) {
      assertThat(partitionsOf(kafka, TOPIC)).isEqualTo(PARTITIONS);
      produce(kafka, true, "c");
      assertThat(consume(kafka, 3)).containsExactly("a", "b", "c");
    }
  }

  @Test
  void shouldNameThePortWhenAnotherBrokerHasIt() {
    try (var first = EmbeddedKafka.start(EmbeddedKafkaSettings.temporary())) {
      int port = Integer.parseInt(first.bootstrapServers().split(":")[1]);

      assertThatThrownBy(
              () -> EmbeddedKafka.start(EmbeddedKafkaSettings.temporary().withBrokerPort(port)))
          .isInstanceOf(EmbeddedKafkaException.class)
          .hasMessage(
              "Port %d on 127.0.0.1 is already in use; set the broker port to another one, or to"
                  + " 0 for any free one.",
              port);
    }
  }

  @Test
  void shouldNameTheControllerPortWhenItIsTaken() throws IOException {
    try (var taken = new ServerSocket()) {
      taken.bind(new InetSocketAddress("127.0.0.1", 0));
      int port = taken.getLocalPort();

      assertThatThrownBy(
              () -> EmbeddedKafka.start(EmbeddedKafkaSettings.temporary().withControllerPort(port)))
          .isInstanceOf(EmbeddedKafkaException.class)
          .hasMessageContaining("Port " + port)
          .hasMessageContaining("controller port");
    }
  }

  @Test
  void shouldNameTheFolderWhenAnotherBrokerHasIt() {
    var settings = EmbeddedKafkaSettings.lasting(folder);
    try (var first = EmbeddedKafka.start(settings)) {
      assertThat(first.bootstrapServers()).startsWith("127.0.0.1:");

      assertThatThrownBy(() -> EmbeddedKafka.start(settings))
          .isInstanceOf(EmbeddedKafkaException.class)
          .hasMessage(
              "The broker's data folder %s is in use by another broker; stop that one, or choose"
                  + " another folder.",
              folder);
    }
  }

  @Test
  void shouldTellWhoeverListensRatherThanEndTheProcessWhenTheBrokerGivesUp() {
    try (var kafka = EmbeddedKafka.start(EmbeddedKafkaSettings.temporary())) {
      assertThatThrownBy(() -> Exit.halt(1, "disk failed"))
          .isInstanceOf(EmbeddedKafkaException.class);

      assertThat(kafka.fault())
          .isCompletedWithValueMatching(fault -> fault.toString().contains("disk failed"));
    }
  }

  private static void createTopic(EmbeddedKafka kafka) throws Exception {
    try (var admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
      var unspecified = new NewTopic(TOPIC, Optional.empty(), Optional.empty());
      admin.createTopics(List.of(unspecified)).all().get();
    }
  }

  private static int partitionsOf(EmbeddedKafka kafka, String topic) throws Exception {
    try (var admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
      var topics = admin.describeTopics(Set.of(topic)).allTopicNames().get();
      return requireNonNull(topics.get(topic)).partitions().size();
    }
  }

  private static void produce(EmbeddedKafka kafka, boolean commit, String... values) {
    var settings =
        Map.<String, Object>of(
            "bootstrap.servers", kafka.bootstrapServers(), "transactional.id", "letters");
    try (var producer =
        new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
      producer.initTransactions();
      producer.beginTransaction();
      for (String value : values) {
        producer.send(new ProducerRecord<>(TOPIC, 0, "k", value));
      }
      if (commit) {
        producer.commitTransaction();
      } else {
        producer.flush();
        producer.abortTransaction();
      }
    }
  }

  private static List<String> consume(EmbeddedKafka kafka, int count) {
    var settings =
        Map.<String, Object>of(
            "bootstrap.servers", kafka.bootstrapServers(), "isolation.level", "read_committed");
    var partition = new TopicPartition(TOPIC, 0);
    var values = new ArrayList<String>();
    try (var consumer =
        new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      // Past the last record too, so that one too many would be seen.
      long end = requireNonNull(consumer.endOffsets(List.of(partition)).get(partition));
      while (values.size() < count || consumer.position(partition) < end) {
        consumer.poll(Duration.ofMillis(100)).forEach(record -> values.add(record.value()));
      }
    }
    return values;
  }
}
