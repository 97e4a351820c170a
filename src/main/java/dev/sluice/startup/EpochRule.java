package dev.sluice.startup;

import dev.sluice.config.WorkerKeys;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a worker may write to the output topics. Commands are ordered by (epoch,
 * revision), and revisions count from 1 in each life of a worker. Therefore a new group needs its
 * own epoch in topics with records, and a group must not write after a group with a higher epoch.
 *
 * @param group the application.id
 * @param epoch the setting commands.epoch
 * @param commands the name of access-commands
 */
record EpochRule(String group, int epoch, String commands) {

  /**
   * Returns problem and remedy; null if there is none.
   *
   * @param isNew whether the group has neither offsets nor state
   * @param nonEmpty names of the outputs that hold a record
   * @param highest the highest epoch in access-commands; 0 if it is empty
   */
  @Nullable String problem(boolean isNew, List<String> nonEmpty, int highest) {
    if (isNew) {
      return nonEmpty.isEmpty() || epoch > highest ? null : ofNew(nonEmpty, highest);
    }
    return epoch < highest ? ofFollowed(highest) : null;
  }

  private String ofNew(List<String> nonEmpty, int highest) {
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
            String.join(", ", nonEmpty),
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
