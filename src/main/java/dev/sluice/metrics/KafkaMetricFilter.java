package dev.sluice.metrics;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.config.MeterFilterReply;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Lets through what is used of Kafka's own hundreds of metrics, and takes the process's random id
 * out of their labels, which would make new series with every start.
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

  /** What Streams puts into the names of its threads and clients, after the application.id. */
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
    // None is left out, not even Kafka's version: the binder takes those with fewer tags than it
    // gave for another kind, and removes them when it comes to the next of the name.
    return id.replaceTags(
        id.getTags().stream()
            .map(tag -> Tag.of(tag.getKey(), PROCESS.matcher(tag.getValue()).replaceFirst("")))
            .toList());
  }
}
