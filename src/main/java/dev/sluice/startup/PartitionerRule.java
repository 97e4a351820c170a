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
 * Whether products stand where events.partitioner says. Another one than the state was made with
 * would send a product's next events to partitions that do not know it: nobody would be revoked.
 *
 * <p>State of an older version may hold some products elsewhere, since it took an event wherever it
 * stood. So the majority decides, among the products that the two partitioners put in different
 * partitions.
 *
 * @param configured the one that is set
 * @param events the name of product-events
 */
record PartitionerRule(EventPartitioner configured, String events) {

  /**
   * What is wrong and what to do; null when nothing is.
   *
   * @param products the ids of products of the state, by partition, from 0; as many as are at hand
   * @param count how many partitions the state has, at least 1
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
