package dev.sluice.client;

import dev.sluice.contract.Topics;
import dev.sluice.failure.FailureHandler;
import dev.sluice.operator.OperatorException;
import dev.sluice.update.UpdatesTopic;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;

/**
 * Waits until all input is processed and settled: the group has committed all of product-events,
 * and all updates of the product stage. A sweep over a product with more than some hundred members
 * in a partition may still continue.
 */
public final class CaughtUpWaiter {
  private static final long POLL_MS = 20;

  private final Admin admin;
  private final String applicationId;
  private final String input;

  /** Creates a waiter for the workers of an application.id. */
  public CaughtUpWaiter(Admin admin, String applicationId, Topics topics) {
    this.admin = admin;
    this.applicationId = applicationId;
    this.input = topics.productEvents();
  }

  /**
   * Waits until everything in the input, now or during the wait, is settled.
   *
   * @param stalledMax maximum time without progress
   * @param meanwhile runs repeatedly; its exception ends the wait
   * @throws OperatorException if there is no progress for that long
   */
  public void await(Duration stalledMax, Runnable meanwhile) throws InterruptedException {
    awaitTopic(input, stalledMax, meanwhile);
    // The product stage's transaction contains its input's offsets and its output: both are
    // visible now.
    awaitTopic(UpdatesTopic.of(applicationId), stalledMax, meanwhile);
  }

  private void awaitTopic(String topic, Duration stalledMax, Runnable meanwhile)
      throws InterruptedException {
    Map<TopicPartition, Long> before = Map.of();
    var movedAt = System.nanoTime();
    while (true) {
      meanwhile.run();
      var left = lag(topic);
      if (left.isEmpty()) {
        return;
      }
      if (!left.equals(before)) {
        before = left;
        movedAt = System.nanoTime();
      } else if (System.nanoTime() - movedAt > stalledMax.toNanos()) {
        throw new OperatorException(
            "nothing was processed for %d s; not yet processed: %s"
                .formatted(stalledMax.toSeconds(), left));
      }
      Thread.sleep(POLL_MS);
    }
  }

  private Map<TopicPartition, Long> lag(String topic) throws InterruptedException {
    try {
      var partitions =
          admin
              .describeTopics(java.util.List.of(topic))
              .allTopicNames()
              .get()
              .values()
              .iterator()
              .next()
              .partitions()
              .size();
      var all = IntStream.range(0, partitions).mapToObj(i -> new TopicPartition(topic, i)).toList();
      var options = new ListOffsetsOptions(IsolationLevel.READ_COMMITTED);
      var latest = all.stream().collect(Collectors.toMap(p -> p, p -> OffsetSpec.latest()));
      var ends = admin.listOffsets(latest, options).all().get();
      Map<TopicPartition, OffsetAndMetadata> committed =
          admin.listConsumerGroupOffsets(applicationId).partitionsToOffsetAndMetadata().get();
      var lag = new HashMap<TopicPartition, Long>();
      for (var partition : all) {
        var end = ends.get(partition);
        var done = committed.get(partition);
        long left = (end == null ? 0 : end.offset()) - (done == null ? 0 : done.offset());
        if (left > 0) {
          lag.put(partition, left);
        }
      }
      return lag;
    } catch (ExecutionException e) {
      throw new OperatorException(
          "cannot read the worker's progress: " + FailureHandler.messages(e), e);
    }
  }
}
