package dev.sluice.query.shard;

/** Thrown if no worker can answer for a partition now; a later attempt may succeed. */
public final class ShardUnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String part;

  public ShardUnavailableException(ShardKind shardKind, int partition, String why) {
    super("partition %d of %s is unavailable now: %s".formatted(partition, shardKind.what(), why));
    part = shardKind.what() + "-" + partition;
  }

  /** Returns the partition, such as {@code users-3}. */
  public String part() {
    return part;
  }
}
