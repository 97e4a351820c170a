package dev.sluice.query;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.access.ReadStores;
import dev.sluice.topology.EventPartitioner;
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
 * The partitions of the running workers, for one question: read here where they are here, asked of
 * another instance where they are there.
 */
final class LiveParts implements Parts {
  private final KafkaStreams streams;
  private final Instances instances;
  private final @Nullable HostInfo self;
  private final Spread spread;
  private final Forwarding forwarding;
  private final Deadline deadline;
  private final boolean staleAllowed;
  private final AtomicBoolean stale = new AtomicBoolean();

  /** How many partitions there are, and how products are spread over them. */
  record Spread(EventPartitioner partitioner, int products, int users) {
    /** Where a product's events are put. */
    int partition(String productId) {
      return partitioner.partition(productId.getBytes(UTF_8), products);
    }
  }

  /** Calls a part at another instance. */
  @FunctionalInterface
  interface Forwarding {
    byte[] call(
        HostInfo host, Stage stage, int partition, boolean stale, String method, byte[] arguments);
  }

  LiveParts(
      Instances instances,
      @Nullable HostInfo self,
      Spread spread,
      Forwarding forwarding,
      Deadline deadline,
      boolean staleAllowed) {
    streams = instances.streams();
    this.instances = instances;
    this.self = self;
    this.spread = spread;
    this.forwarding = forwarding;
    this.deadline = deadline;
    this.staleAllowed = staleAllowed;
  }

  /** Whether an answer came from a copy that may be behind. */
  boolean isStale() {
    return stale.get();
  }

  @Override
  public int productPartitions() {
    return spread.products();
  }

  @Override
  public int productPartition(String productId) {
    return spread.partition(productId);
  }

  @Override
  public int userPartitions() {
    return spread.users();
  }

  @Override
  public boolean isHere(Stage stage, int partition) {
    return here(stage, partition, false) != null;
  }

  @Override
  public ProductPart products(int partition) {
    return part(
        Stage.PRODUCTS,
        partition,
        ProductPart.class,
        stores -> LocalParts.products(stores, deadline));
  }

  @Override
  public UserPart users(int partition) {
    return part(
        Stage.USERS,
        partition,
        UserPart.class,
        stores -> LocalParts.users(stores, partition, deadline));
  }

  private <T> T part(Stage stage, int partition, Class<T> type, Function<ReadStores, T> local) {
    var here = here(stage, partition, false);
    if (here != null) {
      return PartCalls.guarded(type, local.apply(here), stage, partition);
    }
    var active = instances.active(stage, partition);
    if (active != null && !active.equals(self)) {
      T there = elsewhere(type, active, stage, partition, false);
      return staleAllowed ? orStale(stage, partition, type, local, there) : there;
    }
    if (staleAllowed) {
      return staleOne(stage, partition, type, local);
    }
    throw new PartMissingException(
        stage,
        partition,
        active == null
            ? "it is being moved, or http.advertised.address is not set at the instance that has it"
            : "it is being restored here");
  }

  /** Tries the one, and the copy where that fails. */
  private <T> T orStale(
      Stage stage, int partition, Class<T> type, Function<ReadStores, T> local, T first) {
    return PartCalls.either(type, first, () -> staleOne(stage, partition, type, local));
  }

  private <T> T staleOne(Stage stage, int partition, Class<T> type, Function<ReadStores, T> local) {
    var here = here(stage, partition, true);
    if (here != null) {
      stale.set(true);
      return PartCalls.guarded(type, local.apply(here), stage, partition);
    }
    var standby = instances.standby(stage, partition);
    if (standby != null && !standby.equals(self)) {
      stale.set(true);
      return elsewhere(type, standby, stage, partition, true);
    }
    throw new PartMissingException(stage, partition, "no instance has a copy of it");
  }

  private <T> T elsewhere(
      Class<T> type, HostInfo host, Stage stage, int partition, boolean staleOne) {
    return PartCalls.elsewhere(
        type,
        (method, arguments) ->
            forwarding.call(host, stage, partition, staleOne, method, arguments));
  }

  /**
   * A part that is here, for another instance that asks.
   *
   * @throws PartMissingException when it is not here: what was forwarded is not forwarded again
   */
  ReadStores requireHere(Stage stage, int partition, boolean staleOne) {
    var here = here(stage, partition, staleOne);
    if (here == null) {
      throw new PartMissingException(stage, partition, "the instance that was asked has it not");
    }
    return here;
  }

  private @Nullable ReadStores here(Stage stage, int partition, boolean staleOne) {
    var probe = stage == Stage.PRODUCTS ? "products" : "memberships";
    try {
      // Streams gives a store out wherever it is, and looks when it is read. No id is empty.
      open(probe, partition, staleOne).get("");
    } catch (InvalidStateStoreException | IllegalStateException e) {
      return null;
    }
    return name -> {
      try {
        return open(name, partition, staleOne);
      } catch (InvalidStateStoreException e) {
        throw new PartMissingException(stage, partition, "it has just been moved away");
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
