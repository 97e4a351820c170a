package dev.sluice.startup;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class PartitionerCheckTest {
  private static final String CHANGELOG = "worker-products-changelog";

  /** Serves the same records again after each seek, as a broker does; counts the records served. */
  private static final class Changelog extends MockConsumer<byte[], byte[]> {
    private static final int POLL_MAX = 100;
    private final Map<TopicPartition, List<String>> keys = new HashMap<>();
    private int served;

    Changelog() {
      super("earliest");
    }

    void add(int partition, List<String> products) {
      var at = new TopicPartition(CHANGELOG, partition);
      keys.put(at, products);
      updateBeginningOffsets(Map.of(at, 0L));
      updateEndOffsets(Map.of(at, (long) products.size()));
    }

    @Override
    public synchronized ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
      for (var at : assignment()) {
        if (paused().contains(at)) {
          continue;
        }
        var all = keys.getOrDefault(at, List.of());
        long from = position(at);
        for (long o = from; o < Math.min(all.size(), from + POLL_MAX); o++) {
          var key = all.get((int) o).getBytes(UTF_8);
          addRecord(new ConsumerRecord<>(CHANGELOG, at.partition(), o, key, new byte[] {1}));
          served++;
        }
      }
      return super.poll(timeout);
    }
  }

  @Test
  void shouldReadProductsAtEveryPlaceOfALongChangelog() {
    var changelog = new Changelog();
    changelog.add(0, products("a", 4_000));
    changelog.add(1, products("b", 4_000));

    var found = PartitionerCheck.products(changelog, changelog.keys.keySet());

    assertThat(found.get(0)).contains("a0", "a1000", "a2000", "a3000");
    assertThat(found.get(1)).contains("b0", "b1000", "b2000", "b3000");
  }

  @Test
  void shouldNotReadAllOfAChangelogThatHoldsOneProductManyTimes() {
    var changelog = new Changelog();
    changelog.add(0, new ArrayList<>(Collections.nCopies(100_000, "p1")));

    var found = PartitionerCheck.products(changelog, changelog.keys.keySet());

    assertThat(found.get(0)).containsExactly("p1");
    assertThat(changelog.served).isLessThanOrEqualTo(4 * 1_000);
  }

  private static List<String> products(String prefix, int count) {
    var products = new ArrayList<String>();
    for (int i = 0; i < count; i++) {
      products.add(prefix + i);
    }
    return products;
  }
}
