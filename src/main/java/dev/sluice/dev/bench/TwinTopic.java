package dev.sluice.dev.bench;

import java.util.HashMap;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConfigEntry.ConfigSource;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.ConfigResource;

/** A copy of another topic's settings. */
final class TwinTopic {

  private TwinTopic() {}

  /**
   * Creates a topic with the same numbers of partitions and replicas and the same settings.
   *
   * @throws BenchException if it cannot be created
   */
  static void create(Admin admin, String like, String name) throws InterruptedException {
    var resource = new ConfigResource(ConfigResource.Type.TOPIC, like);
    try {
      var partitions =
          admin
              .describeTopics(List.of(like))
              .allTopicNames()
              .get()
              .values()
              .iterator()
              .next()
              .partitions();
      var settings = new HashMap<String, String>();
      admin
          .describeConfigs(List.of(resource))
          .all()
          .get()
          .values()
          .iterator()
          .next()
          .entries()
          .stream()
          .filter(entry -> entry.source() == ConfigSource.DYNAMIC_TOPIC_CONFIG)
          .forEach(entry -> settings.put(entry.name(), entry.value()));
      var replicas = (short) partitions.getFirst().replicas().size();
      admin
          .createTopics(List.of(new NewTopic(name, partitions.size(), replicas).configs(settings)))
          .all()
          .get();
    } catch (ExecutionException e) {
      throw new BenchException(
          "cannot create topic %s like %s: %s".formatted(name, like, e.getCause()), e);
    }
  }
}
