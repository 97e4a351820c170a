package dev.sluice.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.avro.AccessDelivery;
import dev.sluice.config.SluiceConfig;
import dev.sluice.contract.Topics;
import dev.sluice.offsets.CommittedRecords;
import dev.sluice.topology.ContractSerdes;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerConfig;

/** What a read_committed reader of access-delivery takes for outstanding, by key. */
public final class DeliveryView {
  private static final Duration POLL = Duration.ofMillis(200);

  private DeliveryView() {}

  /** Reads the topic to its end. */
  public static Map<String, AccessDelivery> read(SluiceConfig config) {
    var view = new TreeMap<String, AccessDelivery>();
    try (var consumer =
            CommittedRecords.consumer(
                config, Map.of(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest"));
        var deserializer = new ContractSerdes(config).deserializer()) {
      var topic = new Topics(config.topicPrefix()).accessDelivery();
      var partitions = CommittedRecords.assign(consumer, List.of(topic));
      var ends = consumer.endOffsets(partitions);
      consumer.seekToBeginning(partitions);
      while (ends.entrySet().stream().anyMatch(e -> consumer.position(e.getKey()) < e.getValue())) {
        for (var record : consumer.poll(POLL)) {
          var key = new String(record.key(), UTF_8);
          if (record.value() == null) {
            view.remove(key);
          } else if (deserializer.deserialize(topic, record.value()) instanceof AccessDelivery d) {
            view.put(key, d);
          }
        }
      }
    }
    return view;
  }
}
