package dev.sluice.startup;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.keys.EventPartitioner;
import dev.sluice.operator.RecoveryAdvice;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PartitionerRuleTest {
  private static final int COUNT = 6;

  private static List<String> products(int from, int to) {
    return IntStream.range(from, to).mapToObj(i -> "p" + i).toList();
  }

  private static Map<Integer, List<String>> placed(EventPartitioner by, List<String> products) {
    var placed = new HashMap<Integer, List<String>>();
    for (var product : products) {
      placed
          .computeIfAbsent(by.partition(product.getBytes(UTF_8), COUNT), p -> new ArrayList<>())
          .add(product);
    }
    return placed;
  }

  private static @Nullable String problem(
      EventPartitioner configured, Map<Integer, List<String>> products) {
    return new PartitionerRule(configured, "product-events").problem(products, COUNT);
  }

  @ParameterizedTest
  @EnumSource
  void shouldLetAWorkerGoOnWithThePartitionerOfItsState(EventPartitioner partitioner) {
    assertThat(problem(partitioner, placed(partitioner, products(0, 100)))).isNull();
    assertThat(problem(partitioner, Map.of())).isNull();
  }

  /** p1 is put in partition 2 by murmur2 and in partition 1 by crc32. */
  @Test
  void shouldNameBothPartitionersAProductAndWhatToDo() {
    assertThat(problem(EventPartitioner.CRC32, Map.of(2, List.of("p1"))))
        .startsWith(
            "events.partitioner is crc32, but the state was made with murmur2: product p1 is in"
                + " partition 2 of 6, where murmur2 puts it; crc32 puts it in partition 1 (")
        .contains("Set events.partitioner=murmur2, as before.")
        .contains("with new topics " + RecoveryAdvice.BEGIN_ANEW);
    assertThat(problem(EventPartitioner.MURMUR2, Map.of(1, List.of("p1"))))
        .startsWith("events.partitioner is murmur2, but the state was made with crc32: product p1")
        .contains("Set events.partitioner=crc32, as before.");
  }

  @Test
  void shouldGoByTheMajority() {
    var few = placed(EventPartitioner.CRC32, products(0, 40));
    var most = placed(EventPartitioner.MURMUR2, products(40, 200));
    var all = new HashMap<Integer, List<String>>(most);
    few.forEach(
        (partition, ids) -> {
          var both = new ArrayList<>(all.getOrDefault(partition, List.of()));
          both.addAll(ids);
          all.put(partition, both);
        });

    assertThat(problem(EventPartitioner.MURMUR2, all)).isNull();
    assertThat(problem(EventPartitioner.CRC32, all))
        .contains("but the state was made with murmur2");
  }

  /** By murmur2 p1 belongs in 2 and p17 in 1, by crc32 p1 in 1 and p17 in 3. */
  @Test
  void shouldNotJudgeByAHalfOrByWhatStandsWhereNoneOfThemPutsIt() {
    var half = Map.of(1, List.of("p1", "p17"));

    assertThat(problem(EventPartitioner.MURMUR2, half)).isNull();
    assertThat(problem(EventPartitioner.CRC32, half)).isNull();
    assertThat(problem(EventPartitioner.CRC32, Map.of(0, List.of("p1")))).isNull();
  }
}
