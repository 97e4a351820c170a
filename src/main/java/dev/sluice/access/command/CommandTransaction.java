package dev.sluice.access.command;

import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;

/**
 * The commands of one producer's open transaction: the one callback of all, and the way by which
 * Streams hears of a failure. For the thread that owns the producer; the callback is called by the
 * producer's own thread.
 */
final class CommandTransaction {
  private Remember remember = new Remember();

  /** The callback that Streams gave with its last command. */
  private @Nullable Callback last;

  /** Keeps the first failure, and nothing of the commands. */
  private static final class Remember implements Callback {
    private volatile @Nullable Exception failure;

    @Override
    public void onCompletion(@Nullable RecordMetadata metadata, @Nullable Exception exception) {
      if (exception != null && failure == null) {
        failure = exception;
      }
    }
  }

  /** The callback for each command of this transaction. */
  Callback callback() {
    return remember;
  }

  /** Whether the broker has refused a command of this transaction. */
  boolean hasFailed() {
    return remember.failure != null;
  }

  /**
   * Keeps the callback of a command that Streams sends itself.
   *
   * @return whether the command may be sent; else Streams has been told of an earlier failure
   */
  boolean accept(@Nullable Callback callback) {
    last = callback;
    return !handOver();
  }

  /** Tells Streams of a failure, if there was one; the answer is whether Streams was told. */
  boolean handOver() {
    var failed = remember.failure;
    var callback = last;
    if (failed == null || callback == null) {
      return false;
    }
    callback.onCompletion(null, failed);
    return true;
  }

  /** Forgets all: a new transaction begins, or the old one was aborted. */
  void reset() {
    remember = new Remember();
    last = null;
  }
}
