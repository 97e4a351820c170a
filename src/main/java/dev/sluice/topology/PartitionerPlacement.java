package dev.sluice.topology;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.keys.EventPartitioner;
import dev.sluice.product.EventPlacement;
import java.util.Locale;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Checks that events are in the partition given by the hash of the record's key: the id of the
 * product, or of the user. Otherwise two independent tasks would decide events of one key.
 *
 * @param partitioner the hash of the key
 * @param count returns the number of partitions of the input, at least 1; called once events arrive
 */
public record PartitionerPlacement(EventPartitioner partitioner, IntSupplier count)
    implements EventPlacement {

  @Override
  public @Nullable Misplaced check(String id, int partition) {
    var partitions = count.getAsInt();
    var key = id.getBytes(UTF_8);
    var right = partitioner.partition(key, partitions);
    if (partition == right) {
      return null;
    }
    var other =
        partitioner == EventPartitioner.MURMUR2 ? EventPartitioner.CRC32 : EventPartitioner.MURMUR2;
    return new Misplaced(
        "partition %d of %d is not where the key belongs: by %s that is partition %d%s"
            .formatted(
                partition,
                partitions,
                name(partitioner),
                right,
                other.partition(key, partitions) == partition
                    ? "; " + name(other) + " puts it there"
                    : ""),
        remedy());
  }

  private String remedy() {
    var java =
        partitioner == EventPartitioner.MURMUR2
            ? "leave Java's clients at their default"
            : "Java's clients need a partitioner of their own";
    return "Set the producer's partitioner: librdkafka's clients (Python, Go, .NET) take"
        + " partitioner=%s, %s, and no client names a partition itself. Then let the producer send"
            .formatted(partitioner.librdkafka(), java)
        + " the event again. events.partitioner is chosen for a new topic, before its first event:"
        + " where all producers use %s, begin anew with new topics and events.partitioner=%s."
            .formatted(
                partitioner == EventPartitioner.MURMUR2 ? "crc32" : "murmur2",
                partitioner == EventPartitioner.MURMUR2 ? "crc32" : "murmur2");
  }

  private static String name(EventPartitioner partitioner) {
    return partitioner.name().toLowerCase(Locale.ROOT);
  }
}
