package dev.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.client.EventPublisher;
import dev.sluice.config.SluiceConfig;
import dev.sluice.contract.Topics;
import dev.sluice.event.Events;
import dev.sluice.testing.TestCluster;
import dev.sluice.testing.Workers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * One slow event in a stream of others for the same thread: the revocation of all requests of a
 * user who has many. All others must be decided; how long they wait is printed and not judged.
 */
@Tag("heavy")
class SlowEventIT {
  private static final int STREAM = Integer.getInteger("slow.stream", 5_000);
  private static final int REQUESTS = Integer.getInteger("slow.requests", 10_000);
  private static final int PER_SECOND = 500;
  private static final Duration POLL = Duration.ofMillis(10);

  @RegisterExtension static final TestCluster CLUSTER = TestCluster.shared();

  /** The first time at which a status of each request could be read. */
  private static final class Statuses implements AutoCloseable {
    private final KafkaConsumer<String, byte[]> reader;
    private final Map<String, Long> firstNs = new HashMap<>();
    private long read;

    Statuses(SluiceConfig config) {
      var settings = new HashMap<String, Object>();
      settings.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, config.bootstrapServers());
      settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
      settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
      settings.put(ConsumerConfig.GROUP_ID_CONFIG, "statuses");
      reader = new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer());
      reader.subscribe(List.of(new Topics(config.topicPrefix()).requestStatus()));
    }

    void poll() {
      for (var each : reader.poll(POLL)) {
        firstNs.putIfAbsent(each.key(), System.nanoTime());
        read++;
      }
    }

    void awaitRead(long count) {
      var until = System.nanoTime() + Workers.TIMEOUT.toNanos();
      while (read < count && System.nanoTime() < until) {
        poll();
      }
      assertThat(read).as("statuses").isGreaterThanOrEqualTo(count);
    }

    @Override
    public void close() {
      reader.close();
    }
  }

  @Test
  void othersAreDecidedBesideTheRevocationOfManyRequests() throws Exception {
    var config = CLUSTER.config("slow", Map.of("topic.partitions", "1"));
    try (var worker = Workers.running(config);
        var publisher = new EventPublisher(config);
        var statuses = new Statuses(config)) {
      publisher.send(Events.published("many", "s1"));
      publisher.send(Events.published("other", "s2"));
      for (int i = 0; i < REQUESTS; i++) {
        publisher.send(Events.approved("many", "m" + i, "eve"));
      }
      publisher.flush();
      statuses.awaitRead(REQUESTS);

      var sentNs = new ArrayList<Long>();
      var began = System.nanoTime();
      for (int i = 0; i < STREAM; i++) {
        var dueNs = began + i * TimeUnit.SECONDS.toNanos(1) / PER_SECOND;
        while (System.nanoTime() < dueNs) {
          statuses.poll();
        }
        if (i == STREAM / 2) {
          publisher.send(Events.allRevoked("many", "eve"));
        }
        sentNs.add(dueNs);
        publisher.send(Events.approved("other", "o" + i, "user" + i));
      }
      publisher.flush();
      statuses.awaitRead(2L * REQUESTS + STREAM);
      worker.failIfEnded();

      var waited = new ArrayList<Double>();
      for (int i = 0; i < STREAM; i++) {
        var seen = statuses.firstNs.get("o" + i);
        assertThat(seen).as("o%d was decided", i).isNotNull();
        waited.add((seen - sentNs.get(i)) / 1e6);
      }
      System.out.printf("before the slow event   %s%n", figures(waited.subList(0, STREAM / 2)));
      System.out.printf(
          "from the slow event on  %s%n", figures(waited.subList(STREAM / 2, STREAM)));
    }
  }

  private static String figures(List<Double> of) {
    var sorted = of.stream().sorted().toList();
    return "%d approvals waited p50 %.0f ms, p99 %.0f ms, at most %.0f ms"
        .formatted(
            sorted.size(),
            sorted.get(sorted.size() / 2),
            sorted.get((int) (sorted.size() * 0.99)),
            sorted.getLast());
  }
}
