package dev.sluice.startup;

import dev.sluice.config.SluiceConfig;
import dev.sluice.contract.Topics;
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
 * The topics that Streams makes for the topology, by the names they have on the cluster.
 *
 * @param changelogs the input that each changelog's state is made from, partition by partition
 */
public record InternalTopics(Map<String, String> changelogs) {

  /**
   * Of a topology.
   *
   * @param topology as it describes itself before it is told the application's id
   */
  public static InternalTopics of(TopologyDescription topology, SluiceConfig config) {
    var id = config.applicationId();
    var events = new Topics(config.topicPrefix()).productEvents();
    var inputs = new LinkedHashMap<String, String>();
    for (var part : topology.subtopologies()) {
      for (var node : part.nodes()) {
        if (node instanceof TopologyDescription.Source source) {
          for (var topic : source.topicSet()) {
            var input = topic.equals(events) ? topic : id + "-" + topic;
            part.nodes().stream()
                .filter(TopologyDescription.Processor.class::isInstance)
                .flatMap(n -> ((TopologyDescription.Processor) n).stores().stream())
                .forEach(store -> inputs.put(id + "-" + store + "-changelog", input));
          }
        }
      }
    }
    return new InternalTopics(inputs);
  }

  /** The same, of a topology that nobody runs. */
  static InternalTopics of(SluiceConfig config) {
    return of(WorkerTopology.forItsNames(config).describe(), config);
  }

  /** All names, with that of what is between the stages. */
  Set<String> names(String applicationId) {
    var names = new LinkedHashSet<>(changelogs.keySet());
    names.add(UpdatesTopic.of(applicationId));
    return names;
  }

  /** All topics that a worker lives on: these, and the public ones. */
  Set<String> withPublic(SluiceConfig config) {
    var all = names(config.applicationId());
    all.addAll(new Topics(config.topicPrefix()).all());
    return all;
  }

  /**
   * What was known of them before.
   *
   * @param folder where ids are kept; null for nowhere
   */
  public TopicIdentityStore known(SluiceConfig config, @Nullable Path folder) {
    return new TopicIdentityStore(
        new Topics(config.topicPrefix()).productEvents(), names(config.applicationId()), folder);
  }
}
