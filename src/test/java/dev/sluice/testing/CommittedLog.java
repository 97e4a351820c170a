package dev.sluice.testing;

import dev.sluice.avro.AccessCommand;
import dev.sluice.avro.ProductStatus;
import dev.sluice.avro.RequestStatus;
import dev.sluice.config.SluiceConfig;
import dev.sluice.contract.RejectionHeaders;
import dev.sluice.contract.Topics;
import dev.sluice.sim.Model.Access;
import dev.sluice.topology.ContractSerdes;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Everything that a read_committed reader finds on the output topics, from the beginning. */
public final class CommittedLog {
  public final List<AccessCommand> commands = new ArrayList<>();
  public final Map<String, ProductStatus> products = new HashMap<>();
  public final Map<String, RequestStatus> requests = new HashMap<>();
  public final List<String> rejections = new ArrayList<>();

  /** The records of the commands. */
  public final List<ConsumerRecord<byte[], byte[]>> commandRecords = new ArrayList<>();

  /** The records of the rejections. */
  public final List<ConsumerRecord<byte[], byte[]>> rejected = new ArrayList<>();

  public static CommittedLog read(SluiceConfig config) {
    var topics = new Topics(config.topicPrefix());
    return read(config, topics.outputs());
  }

  /** Needs no registry. */
  public static int countRejected(SluiceConfig config) {
    return read(config, List.of(new Topics(config.topicPrefix()).rejectedEvents()))
        .rejections
        .size();
  }

  private static CommittedLog read(SluiceConfig config, List<String> names) {
    var log = new CommittedLog();
    var topics = new Topics(config.topicPrefix());
    Map<String, Object> settings = new HashMap<>(config.clientConfig());
    settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    try (var serde = new ContractSerdes(config).deserializer();
        var consumer =
            new KafkaConsumer<>(
                settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      var partitions =
          names.stream()
              .flatMap(t -> consumer.partitionsFor(t).stream())
              .map(p -> new TopicPartition(p.topic(), p.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      var ends = consumer.endOffsets(partitions);
      while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.get(p))) {
        for (var record : consumer.poll(Duration.ofMillis(200))) {
          log.add(
              record,
              record.topic().equals(topics.rejectedEvents())
                  ? null
                  : serde.deserialize(record.topic(), record.headers(), record.value()));
        }
      }
    }
    return log;
  }

  private void add(ConsumerRecord<byte[], byte[]> record, Object value) {
    switch (value) {
      case null -> {
        rejections.add(
            new String(
                record.headers().lastHeader(RejectionHeaders.REASON).value(),
                StandardCharsets.UTF_8));
        rejected.add(record);
      }
      case AccessCommand c -> {
        commands.add(c);
        commandRecords.add(record);
      }
      case ProductStatus s -> products.put(s.getProductId(), s);
      case RequestStatus s -> requests.put(s.getProductId() + "|" + s.getRequestId(), s);
      default -> throw new IllegalStateException(value.toString());
    }
  }

  /** The access after the last command of each pair; I1 compares it. */
  public Set<Access> access() {
    return audit().access();
  }

  /** Breaches of I2 and I7, in words. */
  public List<String> breaches() {
    return audit().breaches();
  }

  private CommandAudit audit() {
    var audit = new CommandAudit();
    commands.forEach(audit::add);
    return audit;
  }
}
