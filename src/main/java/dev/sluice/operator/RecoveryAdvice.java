package dev.sluice.operator;

import dev.sluice.config.SluiceConfig;
import dev.sluice.config.WorkerKeys;
import java.util.List;

/**
 * Remedies used by more than one error; each is one text, or one command that can be run unchanged.
 */
public final class RecoveryAdvice {

  /** The settings of a group without offsets and state; follows the word "set". */
  public static final String NEW_GROUP =
      "application.id to one that was never used, data.dir to an empty folder";

  /** A new group over output topics that hold records. */
  public static final String BEGIN_ANEW =
      "begin anew: set "
          + NEW_GROUP
          + ", and "
          + WorkerKeys.COMMANDS_EPOCH
          + " to one more than the highest epoch in access-commands (a start without it names the"
          + " number), so that readers of commands can tell the new commands from the old";

  private RecoveryAdvice() {}

  /**
   * The same remedy with its precondition; completes a sentence.
   *
   * @param events the names of the topics of events
   */
  public static String beginAnewWith(String events) {
    return "if %s still hold every event, %s".formatted(events, BEGIN_ANEW);
  }

  /**
   * Remedy for a lost internal topic, or lost records of it; completes a sentence.
   *
   * @param events the names of the topics of events
   */
  public static String stateLost(String events) {
    return "its state, or unfinished work, is lost and cannot be made from the remaining topics."
        + " Stop all workers, and %s; otherwise restore the topic from a backup"
            .formatted(beginAnewWith(events));
  }

  /**
   * Returns how delivery begins anew; completes a sentence.
   *
   * @param config delivery's own settings
   * @param inputs the names of its inputs
   * @param output the name of its output
   */
  public static String deliveryAnew(SluiceConfig config, List<String> inputs, String output) {
    return """
    begin anew: stop every delivery, delete the folder %s of each, and run
         kafka-streams-application-reset.sh --bootstrap-server %s --application-id %s --input-topics %s
         kafka-consumer-groups.sh --bootstrap-server %s --delete --group %s
         kafka-topics.sh --bootstrap-server %s --delete --topic %s
       The next start then begins as delivery.start says: commands that are outstanding now count again only with \
    delivery.start=earliest, which also counts confirmed ones whose results are no longer in the topic\
    """
        .formatted(
            config.dataDir(),
            config.bootstrapServers(),
            config.applicationId(),
            String.join(",", inputs),
            config.bootstrapServers(),
            config.applicationId(),
            config.bootstrapServers(),
            output);
  }

  /**
   * Returns the command that sets the offsets of the group.
   *
   * @param place a topic, or TOPIC:PARTITION
   * @param to the next offset: latest, earliest, or an offset with its option
   */
  public static String resetOffsets(SluiceConfig config, String place, String to) {
    return "kafka-consumer-groups.sh --bootstrap-server %s --group %s --reset-offsets --execute --topic %s --to-%s"
        .formatted(config.bootstrapServers(), config.applicationId(), place, to);
  }

  /** Returns the command that changes a setting of a topic. */
  public static String alterTopic(SluiceConfig config, String topic, String setting) {
    return "kafka-configs.sh --bootstrap-server %s --alter --entity-type topics --entity-name %s --add-config %s"
        .formatted(config.bootstrapServers(), topic, setting);
  }
}
