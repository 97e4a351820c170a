package dev.sluice.access;

import java.util.List;
import java.util.function.Supplier;

/**
 * Is told what the access stage does, by several threads: once for each change of an update or a
 * slice of a sweep, and never for a single command.
 */
public interface AccessObserver {

  /** Nobody. */
  AccessObserver NONE =
      new AccessObserver() {
        @Override
        public void emitted(AccessDiff.Change change, long count) {}
      };

  /**
   * Commands were emitted.
   *
   * @param change what they have in common
   * @param count for how many members
   */
  void emitted(AccessDiff.Change change, long count);

  /**
   * A record is about to be processed.
   *
   * @param partition of access-updates, from 0
   * @param offset from 0
   */
  default void given(int partition, long offset) {}

  /** A record of access-updates was set aside. */
  default void setAside() {}

  /**
   * A task began its work.
   *
   * @param partition of access-updates, that it reads
   * @param sweeps gives what its sweeps come to, a moment ago, to any thread
   */
  default void opened(int partition, Supplier<SweepSummary> sweeps) {}

  /** A task ended it; the same as before. */
  default void closed(int partition, Supplier<SweepSummary> sweeps) {}

  /** Tells each of them, in their order. */
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
