package dev.sluice.topology;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.client.Crc32Partitioner;
import dev.sluice.keys.EventPartitioner;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PartitionerPlacementTest {
  private static final PartitionerPlacement MURMUR2 =
      new PartitionerPlacement(EventPartitioner.MURMUR2, () -> 6);
  private static final PartitionerPlacement CRC32 =
      new PartitionerPlacement(EventPartitioner.CRC32, () -> 6);

  /** Values of Kafka's murmur2 and zlib's crc32 in Python, as librdkafka has them. */
  @ParameterizedTest
  @CsvSource({"p1,2,1", "p2,2,5", "sales,4,2", "Söles,3,5", "p17,1,3"})
  void shouldFindThePartitionThatOtherClientsFind(String key, int murmur2, int crc32) {
    var bytes = key.getBytes(UTF_8);

    assertThat(EventPartitioner.MURMUR2.partition(bytes, 6)).isEqualTo(murmur2);
    assertThat(EventPartitioner.CRC32.partition(bytes, 6)).isEqualTo(crc32);
    assertThat(MURMUR2.check(key, murmur2)).isNull();
    assertThat(CRC32.check(key, crc32)).isNull();
  }

  @Test
  void shouldFindThePartitionThatAJavaProducerFinds() {
    var partitions =
        IntStream.range(0, 7)
            .mapToObj(p -> new PartitionInfo("t", p, null, new Node[0], new Node[0]))
            .toList();
    var cluster = new Cluster("c", List.of(), partitions, Set.of(), Set.of());
    try (var ours = new Crc32Partitioner()) {
      for (int i = 0; i < 1_000; i++) {
        var key = ("p" + i).getBytes(UTF_8);
        assertThat(EventPartitioner.MURMUR2.partition(key, 7))
            .isEqualTo(BuiltInPartitioner.partitionForKey(key, 7));
        assertThat(ours.partition("t", key, key, key, key, cluster))
            .isEqualTo(EventPartitioner.CRC32.partition(key, 7));
      }
    }
  }

  @Test
  void shouldNameTheRightPartitionAndTheSettingThatMendsIt() {
    var misplaced = Objects.requireNonNull(MURMUR2.check("p1", 1));

    assertThat(misplaced.wrong())
        .isEqualTo(
            "partition 1 of 6 is not where the key belongs: by murmur2 that is partition 2;"
                + " crc32 puts it there");
    assertThat(misplaced.remedy())
        .contains("partitioner=murmur2_random", "events.partitioner=crc32")
        .contains("chosen for a new topic", "begin anew with new topics");
    assertThat(misplaced.remedy().length()).isLessThan(1_000);
    var other = Objects.requireNonNull(CRC32.check("p1", 2));
    assertThat(other.remedy())
        .contains("partitioner=consistent_random", "events.partitioner=murmur2");
  }
}
