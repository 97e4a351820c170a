package dev.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.config.SluiceConfig;
import dev.sluice.event.Events;
import dev.sluice.operator.OperatorException;
import dev.sluice.testing.TestCluster;
import dev.sluice.testing.Workers;
import dev.sluice.user.UserEvents;
import dev.sluice.worker.Worker;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Topics that are deleted, on a broker that makes topics anew, with one partition, for whoever
 * asks.
 */
@Order(Integer.MAX_VALUE)
class DeletedTopicsIT {
  /** The file that a worker keeps beside its state. */
  private static final String KNOWN = "topics.properties";

  @RegisterExtension
  static final TestCluster CLUSTER = TestCluster.own(Map.of("auto.create.topics.enable", "true"));

  private static SluiceConfig config(String id, String dataDir) {
    var quick = Long.toString(Workers.FORCED_STOP.toMillis());
    return CLUSTER.config(
        id, dataDir, Map.of("topic.partitions", "2", "shutdown.timeout.ms", quick));
  }

  @Test
  void shouldEndAndRefuseToStartAfterATopicIsDeleted() throws Exception {
    var topics =
        List.of(
            "d0.product-events",
            "d1.access-commands",
            "d2-access-updates-repartition",
            "d3-memberships-changelog");
    var workers = new LinkedHashMap<String, Worker>();
    try (var admin = Admin.create(config("d0", "d0").clientConfig())) {
      for (var topic : topics) {
        var id = topic.substring(0, 2);
        workers.put(topic, Workers.start(config(id, id)));
      }
      for (var topic : topics) {
        workers.get(topic).awaitRunning(Workers.TIMEOUT);
        var config = config(topic.substring(0, 2), "none");
        Workers.publish(config, Events.published("p1", "s1"), Events.approved("p1", "r1", "ana"));
        Workers.awaitCommands(config, 1);
      }
      for (var topic : topics) {
        awaitKnown(topic.substring(0, 2));
      }

      admin.deleteTopics(topics).all().get();
      // Makes the input anew, as the API would.
      Workers.publish(config("d0", "none"), Events.approved("p1", "r2", "ben"));
      Workers.publish(config("d1", "none"), Events.approved("p1", "r2", "ben"));

      for (var topic : topics) {
        assertThat(Workers.endOf(workers.get(topic)))
            .hasMessageContaining("topic " + topic + " was deleted");
      }
      workers.values().parallelStream().forEach(Worker::close);
      for (var topic : topics) {
        var id = topic.substring(0, 2);
        // Threads of the old worker may still hold its folder, until their process ends.
        var again = Files.createDirectories(CLUSTER.folder().resolve(id + "-again"));
        Files.copy(CLUSTER.folder().resolve(id).resolve(KNOWN), again.resolve(KNOWN));
        assertThatThrownBy(() -> Workers.start(config(id, again.getFileName().toString())))
            .as("started again")
            .isInstanceOf(OperatorException.class)
            .hasMessageContaining("topic " + topic + " ");
      }
      // The folder that knew the topics is gone as well.
      for (var topic : List.of("d0.product-events", "d3-memberships-changelog")) {
        assertThatThrownBy(() -> Workers.start(config(topic.substring(0, 2), topic)))
            .as("started again with a new folder")
            .isInstanceOf(OperatorException.class)
            .hasMessageContaining(topic);
      }
    } finally {
      workers.values().parallelStream().forEach(Worker::close);
    }
  }

  /** If the worker started, users who left would get all their access again. */
  @Test
  void shouldNotForgetWhoIsDeactivatedWithALostChangelog() throws Exception {
    var id = "leavers";
    var config = CLUSTER.config(id, id, Map.of("topic.partitions", "2"));
    var changelogs =
        List.of(
            id + "-deactivated-users-changelog",
            id + "-withheld-sources-changelog",
            id + "-users-changelog");
    try (var admin = Admin.create(config.clientConfig())) {
      try (var worker = Workers.running(config)) {
        Workers.publish(config, Events.published("p1", "s1"), Events.approved("p1", "r1", "ana"));
        Workers.awaitCommands(config, 1);
        Workers.publish(config, UserEvents.deactivated("ana"));
        Workers.awaitCommands(config, 2);
        worker.failIfEnded();
      }
      for (var changelog : changelogs) {
        var kept = admin.describeTopics(List.of(changelog)).allTopicNames().get().get(changelog);
        admin.deleteTopics(List.of(changelog)).all().get();

        assertThatThrownBy(() -> Workers.start(config(id, "new-folder-" + changelog)))
            .as(changelog)
            .isInstanceOf(OperatorException.class)
            .hasMessageContaining(changelog);

        // As it was, though empty, so that the next one is missed alone.
        admin
            .createTopics(
                List.of(
                    new NewTopic(changelog, kept.partitions().size(), (short) 1)
                        .configs(Map.of("cleanup.policy", "compact"))))
            .all()
            .get();
      }
    }
  }

  /** Waits until a look at the topics learned the ids of those that the worker created. */
  private static void awaitKnown(String id) {
    var known = CLUSTER.folder().resolve(id).resolve(KNOWN);
    Awaitility.await(known + " names the topics")
        .until(
            () ->
                Files.exists(known)
                    && Files.readString(known).contains(id + "-memberships-changelog")
                    && Files.readString(known).contains(id + "-access-updates-repartition"));
  }

  @Test
  void shouldNotSkipEventsThatWereDeletedUnread() throws Exception {
    // Time to stop in order: threads of a worker that was cut off would still hold its folder.
    var config = CLUSTER.config("purged", "purged", Map.of("topic.partitions", "1"));
    var topic = "purged.product-events";
    var events = new TopicPartition(topic, 0);
    try (var admin = Admin.create(config.clientConfig())) {
      admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1))).all().get();
      try (var worker = Workers.running(config)) {
        Workers.publish(config, Events.published("p1", "s1"), Events.approved("p1", "r1", "ana"));
        Workers.awaitCommands(config, 1);
        worker.failIfEnded();
      }
      for (int i = 0; i < 5; i++) {
        Workers.publish(config, Events.approved("p1", "more" + i, "u" + i));
      }
      admin.deleteRecords(Map.of(events, RecordsToDelete.beforeOffset(5))).all().get();

      assertThatThrownBy(() -> Workers.start(config))
          .isInstanceOf(OperatorException.class)
          .hasMessageStartingWith(
              topic + "-0: 3 records from offset 2 on were deleted before the worker read them")
          .hasMessageContaining("--topic " + topic + ":0 --to-earliest");
    }
  }
}
