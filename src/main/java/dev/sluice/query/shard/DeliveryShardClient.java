package dev.sluice.query.shard;

import dev.sluice.delivery.DeliveryFilter;

/**
 * A shard of outstanding commands whose methods are calls.
 *
 * @param asker makes the calls
 */
record DeliveryShardClient(ShardAsker<DeliveryShard> asker) implements DeliveryShard {

  @Override
  public Statistics statistics() {
    return asker.require(new DeliveryCall.Statistics());
  }

  @Override
  public Slice list(DeliveryFilter filter, String after, int max, int room) {
    return asker.require(new DeliveryCall.ListOf(filter, after, max, room));
  }
}
