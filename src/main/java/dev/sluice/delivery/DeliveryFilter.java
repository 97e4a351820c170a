package dev.sluice.delivery;

import dev.sluice.update.SourceRef;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Chooses among outstanding commands.
 *
 * @param userId whose access; empty for all users
 * @param sourceType the type of the source; empty for all types
 * @param sourceId the id of the source; empty for all ids
 * @param actions what the commands ask for; empty for every action
 * @param states how far they are; empty for every state
 * @param overdue whether only those whose deadline has passed are chosen
 */
public record DeliveryFilter(
    String userId,
    String sourceType,
    String sourceId,
    Set<CommandAction> actions,
    Set<DeliveryState> states,
    boolean overdue) {

  /** Chooses all. */
  public static final DeliveryFilter ALL =
      new DeliveryFilter("", "", "", Set.of(), Set.of(), false);

  /** Creates a copy that does not change. */
  public DeliveryFilter {
    actions = Set.copyOf(actions);
    states = Set.copyOf(states);
  }

  /**
   * Returns a filter for the commands of one user and source.
   *
   * @param sourceType empty for all types of the id
   */
  public static DeliveryFilter ofPair(String userId, String sourceType, String sourceId) {
    return new DeliveryFilter(userId, sourceType, sourceId, Set.of(), Set.of(), false);
  }

  /** Returns a filter for all commands of a user. */
  public static DeliveryFilter ofUser(String userId) {
    return ofPair(userId, "", "");
  }

  /**
   * Returns whether a list is in the order of age: by action, type and time, so that the overdue
   * commands are found without the others. Else it is in the order of the commands' keys.
   */
  public boolean isByAge() {
    return overdue && userId.isEmpty();
  }

  /** Returns the key of the only command that is chosen; null where the filter leaves it open. */
  public @Nullable String commandKey() {
    return userId.isEmpty() || sourceType.isEmpty() || sourceId.isEmpty()
        ? null
        : Command.key(userId, new SourceRef(sourceId, sourceType));
  }

  /** Returns whether an action is chosen. */
  public boolean has(CommandAction action) {
    return actions.isEmpty() || actions.contains(action);
  }

  /** Returns whether a command is chosen. */
  public boolean matches(Outstanding outstanding) {
    var command = outstanding.command();
    return (userId.isEmpty() || userId.equals(command.userId()))
        && (sourceType.isEmpty() || sourceType.equals(command.source().sourceType()))
        && (sourceId.isEmpty() || sourceId.equals(command.source().sourceId()))
        && has(command.action())
        && (states.isEmpty() || states.contains(outstanding.state()))
        && (!overdue || outstanding.isOverdue());
  }
}
