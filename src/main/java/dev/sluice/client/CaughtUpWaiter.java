package dev.sluice.client;

import dev.sluice.contract.Topics;
import dev.sluice.offsets.GroupOffsetsClient;
import dev.sluice.operator.OperatorException;
import dev.sluice.update.UpdatesTopic;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;

/**
 * Waits until all input is processed and settled: the group has committed all of product-events,
 * and all updates of the product stage. A sweep over a product with more than some hundred members
 * in a partition may still continue.
 */
public final class CaughtUpWaiter {
  private static final long POLL_MS = 20;

  private final GroupOffsetsClient offsets;
  private final String input;

  /** Creates a waiter for the workers of an application.id. */
  public CaughtUpWaiter(Admin admin, String applicationId, Topics topics) {
    this.offsets = GroupOffsetsClient.forChecks(admin, applicationId);
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
    awaitTopic(UpdatesTopic.of(offsets.group()), stalledMax, meanwhile);
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

  /** Returns the lag of the partitions that have one. */
  private Map<TopicPartition, Long> lag(String topic) {
    var lag = new HashMap<TopicPartition, Long>();
    offsets
        .progress(offsets.partitions(List.of(topic)), IsolationLevel.READ_COMMITTED)
        .forEach(
            (partition, progress) -> {
              if (progress.lag() > 0) {
                lag.put(partition, progress.lag());
              }
            });
    return lag;
  }
}
