package dev.sluice.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.kafka.KafkaClientMetrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Map;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.junit.jupiter.api.Test;

/** Tests which of Kafka's metrics are kept, as Micrometer's binder brings them. */
class KafkaMetricFilterTest {
  private static final String THREAD = "sluice-a1b2c3d4-0000-1111-2222-333344445555-StreamThread-";
  private static final String KEYS = "kafka.stream.state.estimate.num.keys";

  private record Fixed(MetricName metricName, Object metricValue) implements Metric {}

  @Test
  void shouldKeepEveryThreadsAndEveryStores() {
    var registry = new SimpleMeterRegistry();
    registry.config().meterFilter(new KafkaMetricFilter());
    var producer = new MockProducer<byte[], byte[]>();
    for (int thread = 1; thread <= 2; thread++) {
      for (var store : new String[] {"members", "memberships", "sweeps"}) {
        var tags = Map.of("thread-id", THREAD + thread, "rocksdb-state-id", store);
        add(producer, "estimate-num-keys", tags, 10 * thread + store.length());
      }
    }
    add(producer, "nobody-asks-for-it", Map.of("thread-id", THREAD + 1), 1);
    try (var bound = new KafkaClientMetrics(producer)) {
      bound.bindTo(registry);

      for (int thread = 1; thread <= 2; thread++) {
        for (var store : new String[] {"members", "memberships", "sweeps"}) {
          var gauge =
              registry
                  .get(KEYS)
                  .tag("thread.id", "StreamThread-" + thread)
                  .tag("rocksdb.state.id", store)
                  .gauge();
          assertThat(gauge.value()).isEqualTo(10 * thread + store.length());
        }
      }
      assertThat(registry.getMeters()).hasSize(6).allMatch(meter -> meter instanceof Gauge);
    }
  }

  private static void add(
      MockProducer<byte[], byte[]> producer, String name, Map<String, String> tags, double value) {
    var id = new MetricName(name, "stream-state-metrics", "", tags);
    producer.setMockMetrics(id, new Fixed(id, value));
  }
}
