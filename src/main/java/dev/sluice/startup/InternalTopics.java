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

  /**
   * Stores that the first version did not have, and whose task finds the loss of its state itself.
   */
  private static final Set<String> FOUND_BY_TASK = Set.of("product-counters");

  /** Stores of the access stage that are filled only because of events about users. */
  private static final Set<String> OF_USER_EVENTS = Set.of("deactivated-users", "withheld-sources");

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
   * Returns the topic whose first processed record shows that a changelog existed: Streams creates
   * all changelogs before a version with their stores processes its first record. Null if nothing
   * shows that. Older versions did not have all stores, so that the first start after an upgrade
   * does not find all changelogs.
   *
   * @param input the input of the changelog's state
   */
  static @Nullable String shownBy(String changelog, String input, Topics topics) {
    if (isOf(changelog, FOUND_BY_TASK)) {
      return null;
    }
    return isOf(changelog, OF_USER_EVENTS) ? topics.userEvents() : input;
  }

  private static boolean isOf(String changelog, Set<String> stores) {
    return stores.stream().anyMatch(store -> changelog.endsWith("-" + store + "-changelog"));
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
