package dev.sluice.dev.bench;

import dev.sluice.config.KafkaKeys;
import dev.sluice.config.SluiceConfig;
import dev.sluice.contract.Topics;
import java.nio.ByteBuffer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.Repartitioned;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;

/**
 * The least that Kafka Streams must do for events that become commands: it passes bytes on, without
 * decoding and without state.
 *
 * <pre>
 * product-events ──▶ repartition topic ──▶ copies ──▶ access-commands
 * </pre>
 *
 * <p>The value of an input begins with the number of its outputs, in four bytes.
 */
final class FloorTopology {
  private FloorTopology() {}

  static Topology of(SluiceConfig config) {
    var topics = new Topics(config.topicPrefix());
    var builder = new StreamsBuilder();
    builder.stream(topics.productEvents(), Consumed.with(Serdes.ByteArray(), Serdes.ByteArray()))
        .repartition(
            Repartitioned.<byte[], byte[]>as("floor")
                .withKeySerde(Serdes.ByteArray())
                .withValueSerde(Serdes.ByteArray())
                .withNumberOfPartitions(config.get(KafkaKeys.ACCESS_PARTITIONS)))
        .process(Copies::new)
        .to(topics.accessCommands(), Produced.with(Serdes.ByteArray(), Serdes.ByteArray()));
    return builder.build();
  }

  /** Returns the value of an input. */
  static byte[] input(int outputs, byte[] value) {
    return ByteBuffer.allocate(Integer.BYTES + value.length).putInt(outputs).put(value).array();
  }

  /** Forwards the copies of an input, each with another source in its key. */
  private static final class Copies extends ContextualProcessor<byte[], byte[], byte[], byte[]> {
    @Override
    public void process(Record<byte[], byte[]> input) {
      var outputs = ByteBuffer.wrap(input.value()).getInt();
      for (int i = 0; i < outputs; i++) {
        var key = input.key().clone();
        Names.putSource(key, i);
        context().forward(input.withKey(key));
      }
    }
  }
}
