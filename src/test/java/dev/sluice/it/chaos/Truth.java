package dev.sluice.it.chaos;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.config.SluiceConfig;
import dev.sluice.contract.Topics;
import dev.sluice.dev.bench.CommittedReader;
import dev.sluice.event.codec.EventReader;
import dev.sluice.sim.Model;
import dev.sluice.topology.ContractSerdes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Expected results of the whole input topic, by the naive model, in log order. */
final class Truth {
  private static final Set<String> TAKEN = Set.of("applied", "no_op", "duplicate");

  private final Model model = new Model();
  private final List<String> rejections = new ArrayList<>();
  private long events;

  private Truth() {}

  static Truth of(SluiceConfig config) throws Exception {
    var truth = new Truth();
    var topic = new Topics(config.topicPrefix()).productEvents();
    var records = new ArrayList<ConsumerRecord<byte[], byte[]>>();
    try (var reader = CommittedReader.atBeginning(config, List.of(topic));
        var events = new EventReader(new ContractSerdes(config).eventDeserializer(), topic)) {
      reader.drain(records::add);
      for (var record : records) {
        truth.add(record, events);
      }
    }
    return truth;
  }

  private void add(ConsumerRecord<byte[], byte[]> record, EventReader reader) throws Exception {
    events++;
    var outcome =
        record.headers().lastHeader(Load.JUNK_HEADER) != null
            ? "unreadable"
            : model.apply(
                new String(record.key(), UTF_8),
                reader.read(record.headers(), record.value()),
                Instant.now());
    if (!TAKEN.contains(outcome)) {
      rejections.add(
          rejection(record.partition(), record.offset(), outcome.toUpperCase(Locale.ROOT)));
    }
  }

  static String rejection(int partition, long offset, String reason) {
    return partition + "/" + offset + " " + reason;
  }

  /** As it stands now. */
  Model model() {
    model.tick(Instant.now());
    return model;
  }

  /** Place and reason of rejected input. */
  List<String> rejections() {
    return rejections;
  }

  /** The number of records. */
  long events() {
    return events;
  }
}
