package dev.sluice.query.shard;

/** Nobody can answer for a partition now; in a moment somebody may. */
public final class ShardUnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String part;

  public ShardUnavailableException(ShardKind shardKind, int partition, String why) {
    super("partition %d of %s is unavailable now: %s".formatted(partition, shardKind.what(), why));
    part = shardKind.what() + "-" + partition;
  }

  /** Which one, such as {@code users-3}. */
  public String part() {
    return part;
  }
}
