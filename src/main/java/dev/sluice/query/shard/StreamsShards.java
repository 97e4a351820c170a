package dev.sluice.query.shard;

import dev.sluice.streams.ReadStores;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.state.HostInfo;
import org.apache.kafka.streams.state.QueryableStoreTypes;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Finds the partitions of one Streams application, for one query: in this process, or in another
 * one of the application.
 */
public final class StreamsShards {
  private final KafkaStreams streams;
  private final PartitionOwners partitionOwners;
  private final @Nullable HostInfo self;
  private final Forwarding forwarding;
  private final boolean staleAllowed;
  private final AtomicBoolean stale = new AtomicBoolean();

  /** Calls a part at another process. */
  @FunctionalInterface
  public interface Forwarding {
    byte[] call(
        HostInfo host,
        ShardKind shardKind,
        int partition,
        boolean stale,
        String call,
        byte[] arguments);
  }

  /**
   * Creates the partitions.
   *
   * @param self the address of this process; null if it has none
   * @param staleAllowed whether a standby copy may answer for an unavailable partition
   */
  public StreamsShards(
      PartitionOwners partitionOwners,
      @Nullable HostInfo self,
      Forwarding forwarding,
      boolean staleAllowed) {
    streams = partitionOwners.streams();
    this.partitionOwners = partitionOwners;
    this.self = self;
    this.forwarding = forwarding;
    this.staleAllowed = staleAllowed;
  }

  /** Returns whether an answer came from a standby copy, which may be behind. */
  boolean isStale() {
    return stale.get();
  }

  /** Returns whether a partition is read in this process. */
  boolean isHere(ShardKind shardKind, int partition) {
    return here(shardKind, partition, false) != null;
  }

  /**
   * Returns what asks a partition.
   *
   * @param local makes the shard of a partition in this process
   * @throws ShardUnavailableException if no process can answer for it now
   */
  <S> ShardAsker<S> shard(ShardKind shardKind, int partition, Function<ReadStores, S> local) {
    var here = here(shardKind, partition, false);
    if (here != null) {
      return ShardAsker.guarded(local.apply(here), shardKind, partition);
    }
    var active = partitionOwners.active(shardKind, partition);
    if (active != null && !active.equals(self)) {
      ShardAsker<S> there = elsewhere(active, shardKind, partition, false);
      return staleAllowed
          ? ShardAsker.either(there, () -> staleOne(shardKind, partition, local))
          : there;
    }
    if (staleAllowed) {
      return staleOne(shardKind, partition, local);
    }
    throw new ShardUnavailableException(
        shardKind,
        partition,
        active == null
            ? "it is moving to another worker, or http.advertised.address is not set on the worker"
                + " that holds it"
            : "it is being restored here");
  }

  private <S> ShardAsker<S> staleOne(
      ShardKind shardKind, int partition, Function<ReadStores, S> local) {
    var here = here(shardKind, partition, true);
    if (here != null) {
      stale.set(true);
      return ShardAsker.guarded(local.apply(here), shardKind, partition);
    }
    var standby = partitionOwners.standby(shardKind, partition);
    if (standby != null && !standby.equals(self)) {
      stale.set(true);
      return elsewhere(standby, shardKind, partition, true);
    }
    throw new ShardUnavailableException(shardKind, partition, "no worker has a copy of it");
  }

  private <S> ShardAsker<S> elsewhere(
      HostInfo host, ShardKind shardKind, int partition, boolean staleOne) {
    return ShardCalls.elsewhere(
        (call, arguments) ->
            forwarding.call(host, shardKind, partition, staleOne, call, arguments));
  }

  /**
   * Returns the stores of a local part, for a call of another worker.
   *
   * @throws ShardUnavailableException if the part is not local; a forwarded call is not forwarded
   *     again
   */
  public ReadStores requireHere(ShardKind shardKind, int partition, boolean staleOne) {
    var here = here(shardKind, partition, staleOne);
    if (here == null) {
      throw new ShardUnavailableException(
          shardKind, partition, "the worker that was asked does not hold it");
    }
    return here;
  }

  private @Nullable ReadStores here(ShardKind shardKind, int partition, boolean staleOne) {
    try {
      // Streams returns a store object before checking its location; only a read checks it. No id
      // is empty.
      open(shardKind.store(), partition, staleOne).get("");
    } catch (InvalidStateStoreException | IllegalStateException e) {
      return null;
    }
    return name -> {
      try {
        return open(name, partition, staleOne);
      } catch (InvalidStateStoreException e) {
        throw new ShardUnavailableException(
            shardKind, partition, "it has just moved to another worker");
      }
    };
  }

  private ReadOnlyKeyValueStore<String, Object> open(String name, int partition, boolean staleOne) {
    var parameters =
        StoreQueryParameters.fromNameAndType(
                name, QueryableStoreTypes.<String, Object>keyValueStore())
            .withPartition(partition);
    return streams.store(staleOne ? parameters.enableStaleStores() : parameters);
  }
}
