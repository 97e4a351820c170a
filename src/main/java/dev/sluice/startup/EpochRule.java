package dev.sluice.startup;

import dev.sluice.config.WorkerKeys;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whether a worker may write to the output topics as they are. Commands are ordered by (epoch,
 * revision), and revisions count from 1 in each life of a worker: a group that is new to topics
 * that hold something must write in an epoch of its own, and one that another has followed must not
 * write any more.
 *
 * @param group the application.id
 * @param epoch what commands.epoch says
 * @param commands the name of access-commands
 */
record EpochRule(String group, int epoch, String commands) {

  /**
   * What is wrong and what to do; null when nothing is.
   *
   * @param isNew whether the group has neither offsets nor state
   * @param filled the outputs that hold a record, by name
   * @param highest the highest epoch in access-commands; 0 where it holds none
   */
  @Nullable String problem(boolean isNew, List<String> filled, int highest) {
    if (isNew) {
      return filled.isEmpty() || epoch > highest ? null : ofNew(filled, highest);
    }
    return epoch < highest ? ofFollowed(highest) : null;
  }

  private String ofNew(List<String> filled, int highest) {
    return """
    group %s (application.id) is new, it has neither offsets nor state, but %s holds records: another \
    application.id has written there. Is application.id mistyped, or its setting lost? If the worker started, it \
    would write every command again next to the earlier ones, with revisions from 1 in the same epoch, and \
    readers would confuse old and new commands. Therefore it does not start. Do one of these:
    1. Set application.id to the one that has written there.
    2. Begin a new epoch: set %s=%d, and keep this value. Stop the earlier workers permanently. Every command \
    is written again in the new epoch; readers of %s order by (epoch, revision), so the new commands count as newer.
    3. Write elsewhere: set topic.prefix to another one, or empty the output topics and their readers' data.\
    """
        .formatted(
            group,
            String.join(", ", filled),
            WorkerKeys.COMMANDS_EPOCH.key(),
            highest + 1,
            commands);
  }

  private String ofFollowed(int highest) {
    return ("topic %s holds commands of epoch %d, but %s is %d: either another application.id has"
            + " begun a new epoch, and group %s must not write any more (leave its workers"
            + " stopped), or the setting was lost: then set %s=%d")
        .formatted(
            commands,
            highest,
            WorkerKeys.COMMANDS_EPOCH.key(),
            epoch,
            group,
            WorkerKeys.COMMANDS_EPOCH.key(),
            highest);
  }
}
