package dev.sluice.query.shard;

import dev.sluice.delivery.DeliveryFilter;

/** The calls of a {@link DeliveryShard}, one for each of its methods. */
sealed interface DeliveryCall<R> extends ShardCall<DeliveryShard, R> {

  record Statistics() implements DeliveryCall<DeliveryShard.Statistics> {
    @Override
    public DeliveryShard.Statistics on(DeliveryShard shard) {
      return shard.statistics();
    }
  }

  record ListOf(DeliveryFilter filter, String after, int max, int room)
      implements DeliveryCall<DeliveryShard.Slice> {
    @Override
    public DeliveryShard.Slice on(DeliveryShard shard) {
      return shard.list(filter, after, max, room);
    }
  }
}
