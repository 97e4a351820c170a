package dev.sluice.delivery.stage;

import dev.sluice.delivery.CommandAction;
import dev.sluice.delivery.CountedResult;
import java.util.List;

/** Listener for the delivery stage; called by several threads. */
public interface DeliveryObserver {

  /** Listener that does nothing. */
  DeliveryObserver NONE = new DeliveryObserver() {};

  /** Reasons for which a command changes nothing. */
  enum IgnoredCommand {
    /** The record has no value. */
    NO_VALUE,
    /** It could not be read. */
    UNREADABLE,
    /** Its key is not made of its user and source. */
    KEY_MISMATCH,
    /** It is in another partition than its key hashes to. */
    WRONG_PARTITION,
    /** The same command is outstanding already. */
    REPEATED,
    /** A newer command of the same user and source is outstanding. */
    SUPERSEDED
  }

  /** Called when a task opens. */
  default void opened(int partition, DeliveryStatistics statistics) {}

  /** Called when a task closes. */
  default void closed(int partition, DeliveryStatistics statistics) {}

  /** Called for a command that became the newest of its user and source. */
  default void commanded(CommandAction action) {}

  /** Called for a command that changes nothing. */
  default void ignored(IgnoredCommand why) {}

  /** Called once for each result when its end is decided, and once more for FUTURE. */
  default void counted(CountedResult result) {}

  /**
   * Called for a confirmed command.
   *
   * @param afterMs time from the command to its confirmation, in milliseconds, 0 or above
   */
  default void confirmed(CommandAction action, long afterMs) {}

  /**
   * Called for a record that changes nothing because its writer made a mistake.
   *
   * @param message the fault and its remedy
   * @param where topic, partition and offset
   */
  default void faulty(String message, String where) {}

  /** Returns one listener that tells all of these. */
  static DeliveryObserver all(List<? extends DeliveryObserver> listeners) {
    var all = List.<DeliveryObserver>copyOf(listeners);
    return new DeliveryObserver() {
      @Override
      public void opened(int partition, DeliveryStatistics statistics) {
        all.forEach(each -> each.opened(partition, statistics));
      }

      @Override
      public void closed(int partition, DeliveryStatistics statistics) {
        all.forEach(each -> each.closed(partition, statistics));
      }

      @Override
      public void commanded(CommandAction action) {
        all.forEach(each -> each.commanded(action));
      }

      @Override
      public void ignored(IgnoredCommand why) {
        all.forEach(each -> each.ignored(why));
      }

      @Override
      public void counted(CountedResult result) {
        all.forEach(each -> each.counted(result));
      }

      @Override
      public void confirmed(CommandAction action, long afterMs) {
        all.forEach(each -> each.confirmed(action, afterMs));
      }

      @Override
      public void faulty(String message, String where) {
        all.forEach(each -> each.faulty(message, where));
      }
    };
  }
}
