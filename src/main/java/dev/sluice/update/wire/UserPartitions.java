package dev.sluice.update.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.keys.Murmur2;
import dev.sluice.update.AccessUpdate;
import dev.sluice.update.AccessUpdate.MembershipChanged;
import dev.sluice.update.AccessUpdate.ProductRevised;
import dev.sluice.update.AccessUpdate.UserChanged;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToIntFunction;
import org.apache.kafka.streams.processor.StreamPartitioner;

/**
 * Maps users to partitions of access-updates. A membership change goes to the user's partition, and
 * a product's revision to every partition that needs it.
 *
 * @param count the number of partitions, at least 1
 */
public record UserPartitions(int count)
    implements StreamPartitioner<String, AccessUpdate>, ToIntFunction<String> {

  @Override
  public int applyAsInt(String userId) {
    return Murmur2.partition(userId.getBytes(UTF_8), count);
  }

  @Override
  public Optional<Set<Integer>> partitions(
      String topic, String key, AccessUpdate update, int numPartitions) {
    if (numPartitions != count) {
      throw new IllegalStateException(
          "topic %s has %d partitions, access.partitions says %d"
              .formatted(topic, numPartitions, count));
    }
    return Optional.of(
        switch (update) {
          case MembershipChanged changed -> Set.of(applyAsInt(changed.userId()));
          case UserChanged changed -> Set.of(applyAsInt(changed.userId()));
          case ProductRevised revised -> revised.partitions();
        });
  }
}
