package dev.sluice.startup;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.config.KafkaKeys;
import dev.sluice.keys.EventPartitioner;
import dev.sluice.operator.RecoveryAdvice;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether products are in the partitions of events.partitioner. With another partitioner, a
 * product's next events would reach tasks without the product: no access would be revoked.
 *
 * <p>State of an older version may hold some products in other partitions, since it accepted events
 * anywhere. Therefore the majority decides, among products for which the two partitioners differ.
 *
 * @param configured the configured partitioner
 * @param events the name of product-events
 */
record PartitionerRule(EventPartitioner configured, String events) {

  /**
   * Returns problem and remedy; null if there is none.
   *
   * @param products ids of products of the state, by partition, from 0; a sample is enough
   * @param count number of partitions of the state, at least 1
   */
  @Nullable String problem(Map<Integer, ? extends Collection<String>> products, int count) {
    var other =
        configured == EventPartitioner.MURMUR2 ? EventPartitioner.CRC32 : EventPartitioner.MURMUR2;
    int byConfigured = 0;
    int byOther = 0;
    String example = null;
    int exampleAt = 0;
    for (var entry : products.entrySet()) {
      int at = entry.getKey();
      for (var product : entry.getValue()) {
        var key = product.getBytes(UTF_8);
        boolean isRight = configured.partition(key, count) == at;
        boolean isOther = other.partition(key, count) == at;
        if (isRight && !isOther) {
          byConfigured++;
        } else if (isOther && !isRight) {
          byOther++;
          if (example == null || product.compareTo(example) < 0) {
            example = product;
            exampleAt = at;
          }
        }
      }
    }
    return example == null || byOther <= byConfigured
        ? null
        : message(other, example, exampleAt, count, byOther, byConfigured);
  }

  private String message(
      EventPartitioner other, String example, int at, int count, int byOther, int byConfigured) {
    return """
    %s is %s, but the state was made with %s: product %s is in partition %d of %d, where %s puts it; %s \
    puts it in partition %d (of the products checked, %d are where only %s puts them, and %d where only %s \
    does). If the worker started, it would expect a product's next events in another partition than the \
    product, and revoke no access. Therefore it does not start. Set %s=%s, as before.
    The partitioner is chosen for a new topic. To change it, set topic.prefix to a new one, and with new topics \
    %s; let the producers publish every event of %s again to the new topic, with the new partitioner.\
    """
        .formatted(
            KafkaKeys.EVENTS_PARTITIONER.key(),
            name(configured),
            name(other),
            example,
            at,
            count,
            name(other),
            name(configured),
            configured.partition(example.getBytes(UTF_8), count),
            byOther,
            name(other),
            byConfigured,
            name(configured),
            KafkaKeys.EVENTS_PARTITIONER.key(),
            name(other),
            RecoveryAdvice.BEGIN_ANEW,
            events);
  }

  private static String name(EventPartitioner partitioner) {
    return partitioner.name().toLowerCase(Locale.ROOT);
  }
}
