package dev.sluice.startup;

import dev.sluice.config.SluiceConfig;
import dev.sluice.contract.Topics;
import dev.sluice.streams.CommitHook;
import dev.sluice.topology.WorkerTopology;
import dev.sluice.update.UpdatesTopic;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.streams.TopologyDescription;
import org.jspecify.annotations.Nullable;

/**
 * The topics that Streams creates for the topology, by their names on the cluster.
 *
 * @param changelogs the input of each changelog's state, partition by partition
 */
public record InternalTopics(Map<String, String> changelogs) {

  /** Stores that the first version did not have. */
  private static final Set<String> LATER =
      Set.of(
          "product-counters", "users", "user-events-read", "deactivated-users", "withheld-sources");

  /**
   * Returns the topics of a topology.
   *
   * @param topology its description, before it contains the application's id
   */
  public static InternalTopics of(TopologyDescription topology, SluiceConfig config) {
    var id = config.applicationId();
    var topics = new Topics(config.topicPrefix());
    var inputs = new LinkedHashMap<String, String>();
    for (var part : topology.subtopologies()) {
      for (var node : part.nodes()) {
        if (node instanceof TopologyDescription.Source source) {
          for (var topic : source.topicSet()) {
            var input = topics.isInput(topic) ? topic : id + "-" + topic;
            part.nodes().stream()
                .filter(TopologyDescription.Processor.class::isInstance)
                .flatMap(n -> ((TopologyDescription.Processor) n).stores().stream())
                .filter(store -> !CommitHook.isHook(store))
                .forEach(store -> inputs.put(id + "-" + store + "-changelog", input));
          }
        }
      }
    }
    return new InternalTopics(inputs);
  }

  /** Returns the topics of a topology that is not running. */
  static InternalTopics of(SluiceConfig config) {
    return of(WorkerTopology.forItsNames(config).describe(), config);
  }

  /**
   * Returns whether older versions had no such state, or stored it elsewhere. The first start after
   * an upgrade finds no such changelog. A task that had state there finds the loss itself.
   */
  static boolean isLater(String changelog) {
    return LATER.stream().anyMatch(store -> changelog.endsWith("-" + store + "-changelog"));
  }

  /** Returns all names, including the topic between the stages. */
  Set<String> names(String applicationId) {
    var names = new LinkedHashSet<>(changelogs.keySet());
    names.add(UpdatesTopic.of(applicationId));
    return names;
  }

  /** Returns all topics that a worker needs: these, and the public ones. */
  Set<String> withPublic(SluiceConfig config) {
    var all = names(config.applicationId());
    all.addAll(new Topics(config.topicPrefix()).all());
    return all;
  }

  /**
   * Returns their known identities.
   *
   * @param folder folder of stored ids; null for none
   */
  public TopicIdentityStore known(SluiceConfig config, @Nullable Path folder) {
    return new TopicIdentityStore(
        new Topics(config.topicPrefix()).inputs(), names(config.applicationId()), folder);
  }
}
