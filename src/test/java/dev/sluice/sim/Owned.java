package dev.sluice.sim;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * A task, what it is held against, and the thread that owns it.
 *
 * @param <T> the task
 * @param <C> what it is held against
 */
final class Owned<T extends Task, C extends Checked<?>> {
  final T task;
  final C check;
  int thread;

  /** Records to public topics since the last commit. */
  final List<Object> written = new ArrayList<>();

  private boolean changed;

  Owned(T task, C check, int thread, Instant clock) {
    this.task = task;
    this.check = check;
    this.thread = thread;
    task.start(clock);
  }

  /** It does something, to be kept at the next commit. */
  T working() {
    changed = true;
    return task;
  }

  void commit(CommittedOutput output) {
    if (changed) {
      task.commit();
      check.commit();
      written.forEach(output::add);
      written.clear();
      changed = false;
    }
  }

  /** Back to the last commit, owned by that thread. */
  void restart(int by, Instant clock) {
    task.stop();
    if (changed) {
      check.rollback();
      written.clear();
      changed = false;
    }
    thread = by;
    task.start(clock);
  }
}
