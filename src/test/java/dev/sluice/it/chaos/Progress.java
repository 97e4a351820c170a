package dev.sluice.it.chaos;

import dev.sluice.config.SluiceConfig;
import dev.sluice.contract.Topics;
import dev.sluice.update.UpdatesTopic;
import java.time.Duration;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;

/**
 * Watches how the work goes on, from the offsets that the broker tells: how long there was at most
 * input due while nothing at all was committed on the output topics, and while a partition of the
 * input did not move.
 */
final class Progress implements AutoCloseable {
  private static final Duration EVERY = Duration.ofMillis(100);
  private static final int ASK_MS = 3_000;

  private final Admin admin;
  private final String group;
  private final List<TopicPartition> inputs = new ArrayList<>();
  private final List<TopicPartition> outputs = new ArrayList<>();
  private final TopicPartition commands;
  private final Thread thread = new Thread(this::run, "progress");
  private final Map<TopicPartition, Long> committed = new HashMap<>();
  private final Map<TopicPartition, Long> movedAtNs = new HashMap<>();
  private long output;
  private long outputAtNs = System.nanoTime();
  private long longestGapNs;
  private long longestStallNs;
  private String stalled = "";
  private volatile boolean stopped;

  /** Watches from now on; the topics must be there. */
  Progress(SluiceConfig config) throws InterruptedException, ExecutionException {
    Map<String, Object> settings = new HashMap<>(config.clientConfig());
    settings.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, ASK_MS);
    settings.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, ASK_MS);
    settings.put(AdminClientConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 200);
    admin = Admin.create(settings);
    group = config.applicationId();
    var topics = new Topics(config.topicPrefix());
    commands = new TopicPartition(topics.accessCommands(), 0);
    var input = List.of(topics.productEvents(), UpdatesTopic.of(group));
    var all = new ArrayList<>(topics.all());
    all.add(UpdatesTopic.of(group));
    // Without the short time-outs, which are for a broker that is killed.
    try (var patient = Admin.create(config.clientConfig())) {
      patient
          .describeTopics(all)
          .allTopicNames()
          .get()
          .forEach(
              (topic, description) -> add(input.contains(topic) ? inputs : outputs, description));
    }
    thread.setDaemon(true);
    thread.start();
  }

  private static void add(List<TopicPartition> to, TopicDescription topic) {
    topic.partitions().forEach(p -> to.add(new TopicPartition(topic.name(), p.partition())));
  }

  private void run() {
    while (!stopped) {
      try {
        look();
        Thread.sleep(EVERY.toMillis());
      } catch (ExecutionException e) {
        // No answer, no progress.
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private Map<TopicPartition, Long> ends(List<TopicPartition> partitions, IsolationLevel level)
      throws ExecutionException, InterruptedException {
    var asked = partitions.stream().collect(Collectors.toMap(p -> p, p -> OffsetSpec.latest()));
    var ends = new HashMap<TopicPartition, Long>();
    admin
        .listOffsets(asked, new ListOffsetsOptions(level))
        .all()
        .get()
        .forEach((partition, info) -> ends.put(partition, info.offset()));
    return ends;
  }

  private void look() throws ExecutionException, InterruptedException {
    // The input first: what is committed of it is at most that.
    var due = ends(inputs, IsolationLevel.READ_COMMITTED);
    var offsets = admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get();
    var done = new HashMap<TopicPartition, Long>();
    offsets.forEach(
        (partition, offset) -> done.put(partition, offset == null ? 0 : offset.offset()));
    var out =
        ends(outputs, IsolationLevel.READ_COMMITTED).values().stream()
            .mapToLong(Long::longValue)
            .sum();
    note(System.nanoTime(), due, done, out);
  }

  private synchronized void note(
      long nowNs, Map<TopicPartition, Long> due, Map<TopicPartition, Long> done, long out) {
    var waiting = false;
    for (var partition : inputs) {
      long at = done.getOrDefault(partition, 0L);
      var behind = due.getOrDefault(partition, 0L) > at;
      waiting |= behind;
      var before = committed.put(partition, at);
      long movedAt = movedAtNs.getOrDefault(partition, nowNs);
      // Also the stall that has just ended.
      if (nowNs - movedAt > longestStallNs) {
        longestStallNs = nowNs - movedAt;
        stalled = partition + " at " + at + " until " + LocalTime.now().withNano(0);
      }
      if (!behind || before == null || before != at) {
        movedAtNs.put(partition, nowNs);
      }
    }
    longestGapNs = Math.max(longestGapNs, nowNs - outputAtNs);
    if (!waiting || out != output) {
      outputAtNs = nowNs;
    }
    output = out;
  }

  /** The longest time with input due and no commit on the output topics. */
  synchronized Duration longestGap() {
    return Duration.ofNanos(longestGapNs);
  }

  /** The longest time in which a partition with input due did not move. */
  synchronized Duration longestStall() {
    return Duration.ofNanos(longestStallNs);
  }

  /** Partition, offset and time of that, for readers of the logs. */
  synchronized String stalled() {
    return stalled;
  }

  /** The ends of the input partitions now, without records of open transactions. */
  Map<TopicPartition, Long> inputEnds() throws ExecutionException, InterruptedException {
    return ends(inputs, IsolationLevel.READ_COMMITTED);
  }

  /** Whether the group has committed more than these offsets in every partition. */
  boolean isBeyond(Map<TopicPartition, Long> offsets) throws InterruptedException {
    try {
      var done = admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get();
      return offsets.entrySet().stream()
          .allMatch(
              e -> done.get(e.getKey()) != null && done.get(e.getKey()).offset() > e.getValue());
    } catch (ExecutionException e) {
      return false; // No answer, no evidence.
    }
  }

  /** Forgets what was. */
  synchronized void reset() {
    longestGapNs = 0;
    longestStallNs = 0;
    stalled = "";
    outputAtNs = System.nanoTime();
    movedAtNs.clear();
  }

  /** The number of commands written, committed or not; negative if the broker does not answer. */
  long commandsWritten() throws InterruptedException {
    try {
      var partitions = outputs.stream().filter(p -> p.topic().equals(commands.topic())).toList();
      return ends(partitions, IsolationLevel.READ_UNCOMMITTED).values().stream()
          .mapToLong(Long::longValue)
          .sum();
    } catch (ExecutionException e) {
      return -1;
    }
  }

  @Override
  public void close() throws InterruptedException {
    stopped = true;
    thread.join();
    admin.close(Duration.ofSeconds(1));
  }
}
