package dev.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.check.CheckRunner;
import dev.sluice.check.Finding;
import dev.sluice.check.Finding.Verdict;
import dev.sluice.config.SluiceConfig;
import dev.sluice.event.Events;
import dev.sluice.event.ProductEvent;
import dev.sluice.operator.OperatorException;
import dev.sluice.testing.CommittedLog;
import dev.sluice.testing.TestCluster;
import dev.sluice.testing.Workers;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Another events.partitioner over state that is there. */
@Tag("heavy")
class ChangedPartitionerIT {
  private static final int PRODUCTS = 120;

  @RegisterExtension static final TestCluster CLUSTER = TestCluster.shared();

  private static SluiceConfig config(String id, String partitioner) {
    return CLUSTER.config(id, Map.of("http.host", "127.0.0.1", "events.partitioner", partitioner));
  }

  private static List<Finding> failed(SluiceConfig config) {
    return CheckRunner.run(config).findings().stream()
        .filter(f -> f.verdict() == Verdict.FAILED)
        .toList();
  }

  @ParameterizedTest
  @CsvSource({"murmur2, crc32", "crc32, murmur2"})
  void shouldNotStartUntilTheSettingIsRestored(String before, String after) throws Exception {
    var id = "from-" + before;
    var first = config(id, before);
    try (var worker = Workers.running(first)) {
      Workers.publish(
          first,
          IntStream.rangeClosed(1, PRODUCTS)
              .mapToObj(i -> Events.published("p" + i, "s1"))
              .toArray(ProductEvent[]::new));
      Awaitility.await()
          .atMost(Workers.TIMEOUT)
          .until(() -> CommittedLog.read(first).products.size() == PRODUCTS);
      worker.failIfEnded();
    }

    var second = config(id, after);
    var says = "events.partitioner is %s, but the state was made with %s: product p";
    assertThatThrownBy(() -> Workers.start(second))
        .isInstanceOf(OperatorException.class)
        .hasMessageStartingWith(says.formatted(after, before))
        .hasMessageContaining("Set events.partitioner=" + before + ", as before.");
    assertThat(failed(second))
        .singleElement()
        .satisfies(f -> assertThat(f.what()).isEqualTo("partitioner"))
        .satisfies(f -> assertThat(f.text()).startsWith(says.formatted(after, before)));

    assertThat(failed(first)).isEmpty();
    try (var worker = Workers.running(first)) {
      Workers.publish(first, Events.approved("p1", "r1", "ana"));
      Workers.awaitCommands(first, 1);
      worker.failIfEnded();
    }
  }
}
