package dev.sluice.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.config.SluiceConfig;
import dev.sluice.contract.Topics;
import dev.sluice.event.Events;
import dev.sluice.event.codec.EventAvro;
import dev.sluice.keys.EventPartitioner;
import dev.sluice.testing.CommittedLog;
import dev.sluice.testing.Requirement;
import dev.sluice.testing.Resource;
import dev.sluice.testing.TestCluster;
import dev.sluice.testing.Tool;
import dev.sluice.testing.Workers;
import dev.sluice.topology.ContractSerdes;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * Events that a client writes which is not Java's: kcat, which is librdkafka as the clients of
 * Python, Go and .NET are. Skipped where it is not installed.
 */
@Execution(ExecutionMode.CONCURRENT) // mostly waiting
@ResourceLock(value = Resource.FAILURE_LOG, mode = ResourceAccessMode.READ)
class OtherClientsIT {
  private static final int PARTITIONS = 6;
  private static final int PRODUCTS = 300;
  private static final String WRONG = "WRONG_PARTITION";

  /** Stand in no event, and so part keys, values and records. */
  private static final String KEY_ENDS = "~KEY~";

  private static final String RECORD_ENDS = "~END~";

  @RegisterExtension static final TestCluster CLUSTER = TestCluster.shared();

  @BeforeAll
  static void start() {
    Requirement.KCAT.requireOnPath("kcat");
  }

  private static SluiceConfig config(String id, String partitioner) {
    return CLUSTER.config(
        id,
        Map.of(
            "topic.partitions", Integer.toString(PARTITIONS), "events.partitioner", partitioner));
  }

  private static String events(SluiceConfig config) {
    return new Topics(config.topicPrefix()).productEvents();
  }

  private static void kcat(SluiceConfig config, Path input, List<String> more) throws Exception {
    var command =
        Stream.concat(
            Stream.of("kcat", "-P", "-b", CLUSTER.bootstrapServers(), "-t", events(config)),
            more.stream());
    Tool.run(input, command.toArray(String[]::new));
  }

  private static List<ConsumerRecord<byte[], byte[]>> read(SluiceConfig config, int partition) {
    try (var consumer =
        new KafkaConsumer<>(
            config.clientConfig(), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      var place = new TopicPartition(events(config), partition);
      consumer.assign(List.of(place));
      consumer.seekToBeginning(List.of(place));
      var end = consumer.endOffsets(List.of(place)).get(place);
      var records = new ArrayList<ConsumerRecord<byte[], byte[]>>();
      while (consumer.position(place) < end) {
        consumer.poll(Duration.ofMillis(200)).forEach(records::add);
      }
      return records;
    }
  }

  private static int murmur2(String productId) {
    return EventPartitioner.MURMUR2.partition(productId.getBytes(UTF_8), PARTITIONS);
  }

  private static byte[] value(SluiceConfig config, String productId) {
    try (var serializer = new ContractSerdes(config).serializer()) {
      return serializer.serialize(
          events(config), EventAvro.toAvro(Events.published(productId, "s1")));
    }
  }

  /** Publishes so many products by one kcat, which finds their partitions by their keys. */
  private static void publishAll(SluiceConfig config, String... more) throws Exception {
    var bytes = new ByteArrayOutputStream();
    for (int i = 1; i <= PRODUCTS; i++) {
      bytes.writeBytes(("p" + i + KEY_ENDS).getBytes(UTF_8));
      bytes.writeBytes(value(config, "p" + i));
      bytes.writeBytes(RECORD_ENDS.getBytes(UTF_8));
    }
    var input =
        Files.write(
            CLUSTER.folder().resolve(config.applicationId() + ".records"), bytes.toByteArray());
    var arguments = Stream.of("-K", KEY_ENDS, "-D", RECORD_ENDS);
    kcat(config, input, Stream.concat(arguments, Stream.of(more)).toList());
  }

  /** The products of which an event was rejected, once all events are decided. */
  private static Set<String> rejected(SluiceConfig config) {
    return Awaitility.await("every event is decided")
        .atMost(Workers.TIMEOUT)
        .until(
            () -> CommittedLog.read(config),
            log -> log.products.size() + log.rejections.size() == PRODUCTS)
        .rejected
        .stream()
        .map(record -> new String(record.key(), UTF_8))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void shouldRejectRecordsThatAnotherClientWritesAgainToAnotherPartition() throws Exception {
    var config = config("twice", "murmur2");
    try (var worker = Workers.running(config)) {
      Workers.publish(config, Events.published("p1", "s1"), Events.approved("p1", "r1", "ana"));
      Workers.awaitCommands(config, 1);
      var records = read(config, murmur2("p1"));
      assertThat(records).hasSize(2);
      var elsewhere = (murmur2("p1") + 1) % PARTITIONS;
      for (var record : records) {
        var file = Files.write(CLUSTER.folder().resolve("twice" + record.offset()), record.value());
        kcat(config, file, List.of("-p", "" + elsewhere, "-k", "p1", file.toString()));
      }
      assertThat(read(config, elsewhere))
          .extracting(ConsumerRecord::value)
          .containsExactlyElementsOf(records.stream().map(ConsumerRecord::value).toList());

      // Behind them in that partition, and by the same client.
      var next =
          IntStream.range(1, 1_000)
              .mapToObj(i -> "next" + i)
              .filter(id -> murmur2(id) == elsewhere)
              .findFirst()
              .orElseThrow();
      var good = Files.write(CLUSTER.folder().resolve("good"), value(config, next));
      kcat(config, good, List.of("-X", "partitioner=murmur2_random", "-k", next, good.toString()));
      Workers.publish(config, Events.approved(next, "r2", "ben"));
      Workers.awaitCommands(config, 2);
      worker.failIfEnded();

      var log = CommittedLog.read(config);
      assertThat(log.rejections).containsExactly(WRONG, WRONG);
      assertThat(log.rejected)
          .extracting(ConsumerRecord::value)
          .containsExactlyElementsOf(records.stream().map(ConsumerRecord::value).toList());
      assertThat(log.products).containsOnlyKeys("p1", next);
      assertThat(log.commands)
          .extracting(command -> command.getUserId())
          .containsExactlyInAnyOrder("ana", "ben");
    }
  }

  @Test
  void shouldRejectOnlyEventsInAnotherPartition() throws Exception {
    var config = config("default", "murmur2");
    var elsewhere =
        IntStream.rangeClosed(1, PRODUCTS)
            .mapToObj(i -> "p" + i)
            .filter(
                id ->
                    murmur2(id) != EventPartitioner.CRC32.partition(id.getBytes(UTF_8), PARTITIONS))
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(elsewhere).hasSizeBetween(PRODUCTS / 2, PRODUCTS - 1);
    try (var worker = Workers.running(config)) {
      publishAll(config);

      assertThat(rejected(config)).isEqualTo(elsewhere);
      assertThat(CommittedLog.read(config).rejections).containsOnly(WRONG);
      worker.failIfEnded();
    }
  }

  @Test
  void shouldAcceptAllEventsOfAClientWithMurmur2() throws Exception {
    var config = config("told", "murmur2");
    try (var worker = Workers.running(config)) {
      publishAll(config, "-X", "partitioner=murmur2_random");

      assertThat(rejected(config)).isEmpty();
      worker.failIfEnded();
    }
  }

  @Test
  void shouldAcceptADefaultPartitionerIfConfigured() throws Exception {
    var config = config("expected", "crc32");
    try (var worker = Workers.running(config)) {
      publishAll(config);

      assertThat(rejected(config)).isEmpty();
      worker.failIfEnded();
    }
  }
}
