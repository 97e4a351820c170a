package dev.sluice.query.shard;

import org.jspecify.annotations.Nullable;

/**
 * One call of a shard with its arguments. Its components are its JSON form between workers, see
 * {@link ShardCalls}.
 *
 * @param <S> the shard that is called
 * @param <R> the answer
 */
interface ShardCall<S, R> {

  /** Makes the call; null where the shard's method answers null. */
  @Nullable R on(S shard);
}
