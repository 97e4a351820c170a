package dev.sluice.client;

import dev.sluice.contract.Topics;
import dev.sluice.offsets.GroupOffsetsClient;
import dev.sluice.offsets.GroupOffsetsClient.Progress;
import dev.sluice.operator.OperatorException;
import dev.sluice.update.UpdatesTopic;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;

/**
 * Waits until all input is processed and settled: the group has committed all of the events, and
 * all updates of the product stage, and a read_committed reader finds the output. A sweep over a
 * product with more than some hundred members in a partition may still continue.
 */
public final class CaughtUpWaiter {
  private static final long POLL_MS = 20;

  private final GroupOffsetsClient offsets;
  private final List<String> inputs;
  private final List<String> outputs;

  /** Creates a waiter for the workers of an application.id. */
  public CaughtUpWaiter(Admin admin, String applicationId, Topics topics) {
    this.offsets = GroupOffsetsClient.forChecks(admin, applicationId);
    this.inputs = topics.inputs();
    this.outputs = topics.outputs();
  }

  /**
   * Waits until everything in the input, now or during the wait, is settled, and its output can be
   * read.
   *
   * @param stalledMax maximum time without progress
   * @param meanwhile runs repeatedly; its exception ends the wait
   * @throws OperatorException if there is no progress for that long
   */
  public void await(Duration stalledMax, Runnable meanwhile) throws InterruptedException {
    var updates = UpdatesTopic.of(offsets.group());
    awaitNone(() -> lag(inputs), "not yet processed", stalledMax, meanwhile);
    awaitVisible(List.of(updates), stalledMax, meanwhile);
    awaitNone(() -> lag(List.of(updates)), "not yet processed", stalledMax, meanwhile);
    awaitVisible(outputs, stalledMax, meanwhile);
  }

  /**
   * Waits until no open transaction hides what is in the topics now. A transaction ends in each
   * partition by itself: the offsets it committed can be visible before its records are.
   */
  private void awaitVisible(List<String> topics, Duration stalledMax, Runnable meanwhile)
      throws InterruptedException {
    var partitions = offsets.partitions(topics);
    var ends = offsets.end(partitions, IsolationLevel.READ_UNCOMMITTED);
    awaitNone(
        () -> {
          var progress = new HashMap<TopicPartition, Progress>();
          offsets
              .end(partitions, IsolationLevel.READ_COMMITTED)
              .forEach(
                  (partition, visible) ->
                      progress.put(
                          partition, new Progress(visible, ends.getOrDefault(partition, 0L))));
          return lags(progress);
        },
        "in a transaction that has not ended",
        stalledMax,
        meanwhile);
  }

  /**
   * Waits until nothing is left. While the brokers do not answer, what is left is not known; that
   * is no progress.
   *
   * @param left the number of offsets that are left, by partition; none that is 0
   * @param state describes what is left, for the error
   */
  static void awaitNone(
      Supplier<Map<TopicPartition, Long>> left,
      String state,
      Duration stalledMax,
      Runnable meanwhile)
      throws InterruptedException {
    Map<TopicPartition, Long> before = Map.of();
    var movedAt = System.nanoTime();
    while (true) {
      meanwhile.run();
      var stalled = System.nanoTime() - movedAt > stalledMax.toNanos();
      try {
        var now = left.get();
        if (now.isEmpty()) {
          return;
        }
        if (!now.equals(before)) {
          before = now;
          movedAt = System.nanoTime();
        } else if (stalled) {
          throw new OperatorException(
              "nothing was processed for %d s; %s: %s"
                  .formatted(stalledMax.toSeconds(), state, now));
        }
      } catch (OperatorException e) {
        if (stalled || !isOutage(e)) {
          throw e;
        }
      }
      Thread.sleep(POLL_MS);
    }
  }

  private static boolean isOutage(OperatorException e) {
    return e.getCause() != null && e.getCause().getCause() instanceof RetriableException;
  }

  private Map<TopicPartition, Long> lag(List<String> topics) {
    return lags(offsets.progress(offsets.partitions(topics), IsolationLevel.READ_COMMITTED));
  }

  /** Returns the lag of the partitions that have one. */
  private static Map<TopicPartition, Long> lags(Map<TopicPartition, Progress> progress) {
    var lags = new HashMap<TopicPartition, Long>();
    progress.forEach(
        (partition, p) -> {
          if (p.lag() > 0) {
            lags.put(partition, p.lag());
          }
        });
    return lags;
  }
}
