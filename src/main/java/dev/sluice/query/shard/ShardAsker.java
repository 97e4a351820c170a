package dev.sluice.query.shard;

import dev.sluice.streams.InconsistentReadException;
import java.util.function.Supplier;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.jspecify.annotations.Nullable;

/**
 * Makes the calls of a shard, wherever the shard is.
 *
 * @param <S> the shard
 */
interface ShardAsker<S> {

  /** Largest number of reads of what the task's thread changes between two reads. */
  int TRIES_MAX = 5;

  /** The answer; null where the shard has none. */
  <R> @Nullable R ask(ShardCall<S, R> call);

  /**
   * The answer of a call that always has one.
   *
   * @throws IllegalStateException when there is none
   */
  default <R> R require(ShardCall<S, R> call) {
    var answer = ask(call);
    if (answer == null) {
      throw new IllegalStateException(
          "a worker answered the call %s with null".formatted(call.getClass().getSimpleName()));
    }
    return answer;
  }

  /**
   * Asks a shard in this process. A store that was moved away makes the shard unavailable. Two
   * reads between which the task's thread changed the state are tried again; other failures are
   * not.
   */
  static <S> ShardAsker<S> guarded(S shard, ShardKind shardKind, int partition) {
    return new ShardAsker<>() {
      @Override
      public <R> @Nullable R ask(ShardCall<S, R> call) {
        for (int tries = 1; ; tries++) {
          try {
            return call.on(shard);
          } catch (InvalidStateStoreException e) {
            throw new ShardUnavailableException(
                shardKind, partition, "it was moved away meanwhile");
          } catch (InconsistentReadException e) {
            if (tries == TRIES_MAX) {
              throw e;
            }
          }
        }
      }
    };
  }

  /** Asks a shard, and another one where the first is unavailable. */
  static <S> ShardAsker<S> either(ShardAsker<S> first, Supplier<ShardAsker<S>> second) {
    return new ShardAsker<>() {
      @Override
      public <R> @Nullable R ask(ShardCall<S, R> call) {
        try {
          return first.ask(call);
        } catch (ShardUnavailableException e) {
          return second.get().ask(call);
        }
      }
    };
  }
}
