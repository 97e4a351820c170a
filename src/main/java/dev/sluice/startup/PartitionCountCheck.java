package dev.sluice.startup;

import dev.sluice.config.SluiceConfig;
import dev.sluice.contract.Topics;
import dev.sluice.operator.RecoveryAdvice;
import dev.sluice.update.UpdatesTopic;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Refuses an input whose number of partitions differs from that of the state made from it. Keys are
 * assigned by this number: with another one, a product's new events reach a task that does not have
 * the product.
 */
final class PartitionCountCheck {
  private final InternalTopics internalTopics;
  private final Topics topics;
  private final String updates;

  PartitionCountCheck(InternalTopics internalTopics, SluiceConfig config) {
    this.internalTopics = internalTopics;
    this.topics = new Topics(config.topicPrefix());
    this.updates = UpdatesTopic.of(config.applicationId());
  }

  /**
   * Compares numbers of partitions.
   *
   * @param partitions of each existing topic
   * @return problem and remedy; null if there is none
   */
  @Nullable String problem(Map<String, Integer> partitions) {
    for (var entry : internalTopics.changelogs().entrySet()) {
      var ofState = partitions.get(entry.getKey());
      var ofInput = partitions.get(entry.getValue());
      if (ofState != null && ofInput != null && !ofState.equals(ofInput)) {
        return problem(entry.getValue(), ofInput, entry.getKey(), ofState);
      }
    }
    return null;
  }

  private String problem(String input, int ofInput, String changelog, int ofState) {
    return "topic %s has %d partitions, but the state was made with %d (as many as %s has): %s; "
            .formatted(
                input,
                ofInput,
                ofState,
                changelog,
                ofInput > ofState
                    ? "partitions were added, which is not possible while state exists, and"
                        + " Kafka cannot remove them"
                    : "the topic was deleted and created again with fewer")
        + (input.equals(updates) ? ofUpdates() : ofEvents(input, ofInput));
  }

  private String ofEvents(String input, int wanted) {
    var ofUsers = input.equals(topics.userEvents());
    return ("continue with new topics: stop producers and workers; set topic.prefix to a new one,"
            + " topic.partitions=%d (or another number), %s; create the topics with ./sluice"
            + " topics create; publish every event of %s again with the %s as key, each"
            + " old partition from its beginning, those of added partitions last (with the old"
            + " topic.prefix: ./sluice watch %s --from-beginning --to-end --output events"
            + " > all.jsonl; with the new one: ./sluice publish all.jsonl), and those of %s; then"
            + " start,"
            + " and point producers and the readers of commands to the new topics")
        .formatted(
            wanted,
            RecoveryAdvice.NEW_GROUP,
            input,
            ofUsers ? "userId" : "productId",
            ofUsers ? "--user-events" : "--events",
            ofUsers ? topics.productEvents() : topics.userEvents());
  }

  private String ofUpdates() {
    return RecoveryAdvice.beginAnewWith(String.join(" and ", topics.inputs()))
        + "; only then can access.partitions be another number";
  }
}
