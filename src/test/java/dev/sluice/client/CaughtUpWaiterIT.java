package dev.sluice.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.contract.Topics;
import dev.sluice.operator.OperatorException;
import dev.sluice.testing.TestCluster;
import dev.sluice.testing.Workers;
import dev.sluice.update.UpdatesTopic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the wait for transactions whose records are still hidden. */
class CaughtUpWaiterIT {
  @RegisterExtension static final TestCluster CLUSTER = TestCluster.shared();

  /** Without progress, the second look ends the wait. */
  private static final Duration AT_ONCE = Duration.ZERO;

  @ParameterizedTest
  @ValueSource(strings = {"access-updates", "access-commands", "rejected-events"})
  void shouldWaitUntilNoTransactionHidesRecords(String hidden) throws Exception {
    var config = CLUSTER.config("caught-up-" + hidden, Map.of());
    var topics = new Topics(config.topicPrefix());
    var updates = UpdatesTopic.of(config.applicationId());
    var topic = hidden.equals(UpdatesTopic.NAME) ? updates : config.topicPrefix() + hidden;
    var settings = new HashMap<String, Object>(config.clientConfig());
    settings.put("transactional.id", config.applicationId());
    try (var admin = Admin.create(config.clientConfig());
        var producer =
            new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
      var all = new ArrayList<>(topics.all());
      all.add(updates);
      admin
          .createTopics(all.stream().map(name -> new NewTopic(name, 1, (short) 1)).toList())
          .all()
          .get();
      var waiter = new CaughtUpWaiter(admin, config.applicationId(), topics);
      // The broker has new topics a moment after their creation.
      Awaitility.await()
          .atMost(Workers.TIMEOUT)
          .ignoreExceptionsInstanceOf(OperatorException.class)
          .untilAsserted(() -> waiter.await(Workers.TIMEOUT, () -> {}));

      producer.initTransactions();
      producer.beginTransaction();
      producer.send(new ProducerRecord<>(topic, new byte[1])).get();
      assertThatThrownBy(() -> waiter.await(AT_ONCE, () -> {}))
          .isInstanceOf(OperatorException.class)
          .hasMessageContaining("in a transaction that has not ended: {" + topic + "-0=1}");
      producer.commitTransaction();

      var calls = new ArrayList<Integer>();
      waiter.await(
          Workers.TIMEOUT,
          () -> {
            calls.add(calls.size());
            // The updates are visible now, and their reader's offset follows.
            commit(admin, config.applicationId(), updates);
          });
      assertThat(calls).isNotEmpty();
    }
  }

  private static void commit(Admin admin, String group, String topic) {
    var offset = Map.of(new TopicPartition(topic, 0), new OffsetAndMetadata(2));
    admin.alterConsumerGroupOffsets(group, offset);
  }
}
