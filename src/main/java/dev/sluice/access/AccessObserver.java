package dev.sluice.access;

import java.util.List;
import java.util.function.Supplier;

/**
 * Listener for the access stage, called by several threads. Called once for each change of an
 * update or of a slice of a sweep, never for a single command.
 */
public interface AccessObserver {

  /** Listener that does nothing. */
  AccessObserver NONE =
      new AccessObserver() {
        @Override
        public void emitted(AccessDiff.Change change, long count) {}
      };

  /**
   * Called after commands were emitted.
   *
   * @param change the common part of the commands
   * @param count the number of members
   */
  void emitted(AccessDiff.Change change, long count);

  /**
   * Called before a record is processed.
   *
   * @param partition of access-updates, from 0
   * @param offset from 0
   */
  default void given(int partition, long offset) {}

  /** Called after a record of access-updates was set aside. */
  default void setAside() {}

  /**
   * Called when a task starts.
   *
   * @param partition the task's partition of access-updates
   * @param sweeps returns a recent summary of the task's sweeps, to any thread
   */
  default void opened(int partition, Supplier<SweepSummary> sweeps) {}

  /** Called when a task ends, with the arguments of {@link #opened}. */
  default void closed(int partition, Supplier<SweepSummary> sweeps) {}

  /** Returns a listener that calls each of the given ones, in their order. */
  static AccessObserver all(List<? extends AccessObserver> observers) {
    return new AccessObserver() {
      @Override
      public void given(int partition, long offset) {
        observers.forEach(each -> each.given(partition, offset));
      }

      @Override
      public void emitted(AccessDiff.Change change, long count) {
        observers.forEach(each -> each.emitted(change, count));
      }

      @Override
      public void setAside() {
        observers.forEach(AccessObserver::setAside);
      }

      @Override
      public void opened(int partition, Supplier<SweepSummary> sweeps) {
        observers.forEach(each -> each.opened(partition, sweeps));
      }

      @Override
      public void closed(int partition, Supplier<SweepSummary> sweeps) {
        observers.forEach(each -> each.closed(partition, sweeps));
      }
    };
  }
}
