package dev.sluice.dev.bench;

import dev.sluice.avro.AccessCommand;
import dev.sluice.config.KafkaKeys;
import dev.sluice.config.SluiceConfig;
import dev.sluice.contract.Topics;
import dev.sluice.event.codec.EventReader;
import dev.sluice.serde.SingleObjectSerde;
import dev.sluice.topology.ContractSerdes;
import java.time.Duration;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.Repartitioned;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Reference implementation of the fan-out in Kafka Streams' DSL. An event becomes one record for
 * each user and source. These are repartitioned by user and source. An aggregate for each pair
 * counts the products that give the source; a command is written when the count leaves zero or
 * returns to it.
 *
 * <pre>
 * product-events ──▶ expansion ──▶ pairs, repartitioned ──▶ aggregate: a count per pair
 *                    by product    by user|source              └─ 0 ↔ 1 ──▶ access-commands
 * </pre>
 *
 * <p>It is the best DSL topology that we found. A product's members are found by a prefix scan: a
 * table of all members in one value, or a foreign-key join, would not scale to a million members.
 * It has the worker's guarantee, client settings, threads and number of partitions, no caches, and
 * writes the same commands. It has fewer functions: no requests, policies, statuses, rejections or
 * expiry; only publishing, approval, suspension and resumption. Its repartitioning carries each
 * command once more, and its state has a record for each pair, where the worker's has one for each
 * member.
 */
public final class DslBaseline implements AutoCloseable {
  private final StartedStreams streams;

  private DslBaseline(StartedStreams streams) {
    this.streams = streams;
  }

  /** Creates the topics and starts; returns once it runs. */
  public static DslBaseline start(SluiceConfig config, Duration timeout)
      throws InterruptedException {
    return new DslBaseline(
        StartedStreams.start("the DSL topology", topology(config), config, timeout));
  }

  /**
   * Does nothing while it runs.
   *
   * @throws BenchException if it failed
   */
  public void failIfEnded() {
    streams.failIfEnded();
  }

  static Topology topology(SluiceConfig config) {
    var topics = new Topics(config.topicPrefix());
    var serdes = new ContractSerdes(config);
    var builder = new StreamsBuilder();
    builder.stream(topics.productEvents(), Consumed.with(Serdes.ByteArray(), Serdes.ByteArray()))
        .process(
            new PairExpansion(
                () -> new EventReader(serdes.eventDeserializer(), topics.productEvents())))
        .repartition(
            Repartitioned.<String, AccessCommand>as("pairs")
                .withKeySerde(Serdes.String())
                .withValueSerde(new SingleObjectSerde<>(AccessCommand.class))
                .withNumberOfPartitions(config.get(KafkaKeys.ACCESS_PARTITIONS)))
        .groupByKey(Grouped.with(Serdes.String(), new SingleObjectSerde<>(AccessCommand.class)))
        .aggregate(
            PairCount::none,
            (pair, change, count) -> count.with(change),
            Materialized.<String, PairCount, KeyValueStore<Bytes, byte[]>>as("pair-counts")
                .withKeySerde(Serdes.String())
                .withValueSerde(PairCount.serde())
                .withCachingDisabled())
        .toStream()
        .filter((pair, count) -> count.flipped())
        .mapValues(PairCount::command)
        .to(topics.accessCommands(), Produced.with(Serdes.String(), commands(serdes)));
    return builder.build();
  }

  /** Returns the contract's serializer, one for each thread: the DSL shares a serde among all. */
  private static Serde<AccessCommand> commands(ContractSerdes serdes) {
    var own = ThreadLocal.withInitial(serdes::serializer);
    Serializer<AccessCommand> serializer = (topic, command) -> own.get().serialize(topic, command);
    return Serdes.serdeFrom(
        serializer,
        (topic, bytes) -> {
          throw new UnsupportedOperationException("commands are only written here");
        });
  }

  @Override
  public void close() {
    streams.close();
  }
}
