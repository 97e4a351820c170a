package dev.sluice.product.stage;

import dev.sluice.contract.RejectionReason;
import dev.sluice.event.Payload;
import dev.sluice.event.UserPayload;
import dev.sluice.product.Due;
import dev.sluice.streams.SetAsideRecords;
import java.util.List;
import java.util.stream.Stream;

/** Listener for every decided record of the input topics. */
@FunctionalInterface
public interface EventObserver {

  /** Names of due changes: the end of access, and the notices before. */
  List<String> FALLS_DUE = Stream.of(Due.Kind.values()).map(Due.Kind::label).toList();

  /** Names of all event types. */
  List<String> TYPES =
      Stream.concat(Payload.types().stream(), UserPayload.types().stream())
          .<String>map(Class::getSimpleName)
          .toList();

  /** The type of a record whose type cannot be read. */
  String UNKNOWN = "unknown";

  /**
   * Called before a record is processed.
   *
   * @param partition of product-events, from 0
   * @param offset from 0
   */
  default void given(int partition, long offset) {}

  /**
   * Called before a record about a user is processed.
   *
   * @param partition of user-events, from 0
   * @param offset from 0
   */
  default void givenUser(int partition, long offset) {}

  /**
   * Called after a record was decided.
   *
   * @param type the event's type; {@code unknown} if it is unreadable
   * @param outcome {@code applied}, {@code no_op}, {@code duplicate}, or the {@link
   *     RejectionReason}
   */
  void decided(String type, String outcome);

  /**
   * Called after a record was rejected, in addition to {@link #decided}.
   *
   * @param message the fault, in words
   * @param where the event, if known, and its place, in words
   */
  default void rejected(RejectionReason reason, String message, String where) {}

  /**
   * Called after a due entry was processed, in addition to {@link #decided}.
   *
   * @param what one of {@link #FALLS_DUE}
   * @param lateMs delay since the due time, in milliseconds
   */
  default void fellDue(String what, long lateMs) {}

  /** Called for a record that an operator set aside, besides {@link #rejected}. */
  default void setAside(SetAsideRecords.Input input) {}

  /**
   * Called when a task starts.
   *
   * @param partition the task's partition of product-events
   * @param statistics the task's statistics, which the task keeps up to date
   */
  default void opened(int partition, TaskStatistics statistics) {}

  /** Called when a task ends, with the arguments of {@link #opened}. */
  default void closed(int partition, TaskStatistics statistics) {}

  /**
   * Called when a task of the user stage starts.
   *
   * @param partition the task's partition of user-events
   */
  default void openedUsers(int partition) {}

  /** Called when a task of the user stage ends, with the argument of {@link #openedUsers}. */
  default void closedUsers(int partition) {}

  /** Returns a listener that calls each of the given ones, in their order. */
  static EventObserver all(List<? extends EventObserver> observers) {
    return new EventObserver() {
      @Override
      public void given(int partition, long offset) {
        observers.forEach(each -> each.given(partition, offset));
      }

      @Override
      public void givenUser(int partition, long offset) {
        observers.forEach(each -> each.givenUser(partition, offset));
      }

      @Override
      public void decided(String type, String outcome) {
        observers.forEach(each -> each.decided(type, outcome));
      }

      @Override
      public void rejected(RejectionReason reason, String message, String where) {
        observers.forEach(each -> each.rejected(reason, message, where));
      }

      @Override
      public void setAside(SetAsideRecords.Input input) {
        observers.forEach(each -> each.setAside(input));
      }

      @Override
      public void fellDue(String what, long lateMs) {
        observers.forEach(each -> each.fellDue(what, lateMs));
      }

      @Override
      public void opened(int partition, TaskStatistics statistics) {
        observers.forEach(each -> each.opened(partition, statistics));
      }

      @Override
      public void closed(int partition, TaskStatistics statistics) {
        observers.forEach(each -> each.closed(partition, statistics));
      }

      @Override
      public void openedUsers(int partition) {
        observers.forEach(each -> each.openedUsers(partition));
      }

      @Override
      public void closedUsers(int partition) {
        observers.forEach(each -> each.closedUsers(partition));
      }
    };
  }
}
