package dev.sluice.metrics;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.config.MeterFilterReply;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Selects the used ones of Kafka's hundreds of metrics. Removes the process's random id from their
 * labels, which would create new series at every start.
 */
final class KafkaMetricFilter implements MeterFilter {
  private static final String KAFKA = "kafka.";

  private static final List<String> USED =
      List.of(
          "kafka.consumer.coordinator.last.heartbeat.seconds.ago",
          "kafka.consumer.coordinator.failed.rebalance.total",
          "kafka.consumer.fetch.manager.records.consumed.total",
          "kafka.consumer.fetch.manager.fetch.latency.avg",
          "kafka.producer.record.error.total",
          "kafka.producer.record.send.total",
          "kafka.producer.request.latency.avg",
          "kafka.producer.buffer.available.bytes",
          "kafka.stream.state.estimate.num.keys",
          "kafka.stream.state.total.sst.files.size",
          "kafka.stream.failed.stream.threads",
          "kafka.stream.thread.process.ratio",
          "kafka.stream.thread.punctuate.ratio",
          "kafka.stream.thread.commit.ratio",
          "kafka.stream.thread.poll.ratio",
          "kafka.stream.task.dropped.records.total");

  /** Random id that Streams adds to names of threads and clients, after the application.id. */
  private static final Pattern PROCESS =
      Pattern.compile("^.*[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}-?");

  @Override
  public MeterFilterReply accept(Meter.Id id) {
    return !id.getName().startsWith(KAFKA) || USED.contains(id.getName())
        ? MeterFilterReply.NEUTRAL
        : MeterFilterReply.DENY;
  }

  @Override
  public Meter.Id map(Meter.Id id) {
    if (!id.getName().startsWith(KAFKA)) {
      return id;
    }
    // Keeps all tags, even Kafka's version: the binder removes meters of a name that have fewer
    // tags than another.
    return id.replaceTags(
        id.getTags().stream()
            .map(tag -> Tag.of(tag.getKey(), PROCESS.matcher(tag.getValue()).replaceFirst("")))
            .toList());
  }
}
