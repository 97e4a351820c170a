package dev.sluice.sim;

import java.util.ArrayList;
import java.util.List;

/**
 * One partition of a topic, written in transactions and read by readers that are read_committed:
 * they wait before the first record of an open transaction, and pass over those of aborted ones.
 */
final class TransactionalLog<T> {

  /** The answer when there is nothing to read yet. */
  static final long NONE = -1;

  private record Entry<T>(T value, Transaction transaction) {}

  private final List<Entry<T>> entries = new ArrayList<>();

  void append(T value, Transaction transaction) {
    entries.add(new Entry<>(value, transaction));
  }

  /** The first offset from there on that can be read now, or {@link #NONE}. */
  long readable(long from) {
    for (long at = from; at < entries.size(); at++) {
      var transaction = entries.get((int) at).transaction;
      if (transaction.isOpen()) {
        return NONE;
      }
      if (!transaction.isAborted()) {
        return at;
      }
    }
    return NONE;
  }

  T at(long offset) {
    return entries.get((int) offset).value;
  }
}
