package dev.sluice.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.operator.OperatorException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.Test;

/** The wait for what is left, while brokers answer and while they do not. */
class CaughtUpWaiterTest {
  private static final Map<TopicPartition, Long> ONE = Map.of(new TopicPartition("t", 0), 1L);

  private static OperatorException failed(Exception cause) {
    return new OperatorException("cannot ask", new ExecutionException(cause));
  }

  private static void await(Duration stalledMax, Supplier<Map<TopicPartition, Long>> left)
      throws InterruptedException {
    CaughtUpWaiter.awaitNone(left, "left", stalledMax, () -> {});
  }

  @Test
  void shouldWaitWhileTheBrokersDoNotAnswer() throws Exception {
    var answers =
        new ArrayDeque<Object>(
            List.of(
                ONE, failed(new DisconnectException()), ONE, failed(new DisconnectException())));

    await(
        Duration.ofMinutes(1),
        () -> {
          var next = answers.poll();
          if (next instanceof OperatorException e) {
            throw e;
          }
          return next == null ? Map.of() : ONE;
        });

    assertThat(answers).isEmpty();
  }

  @Test
  void shouldEndAfterTheLongestTimeWithoutProgress() {
    assertThatThrownBy(() -> await(Duration.ZERO, () -> ONE))
        .hasMessageContaining("nothing was processed for 0 s; left: {t-0=1}");
    assertThatThrownBy(
            () ->
                await(
                    Duration.ZERO,
                    () -> {
                      throw failed(new DisconnectException());
                    }))
        .hasMessage("cannot ask");
  }

  @Test
  void shouldNotWaitForARightThatIsMissing() {
    assertThatThrownBy(
            () ->
                await(
                    Duration.ofMinutes(1),
                    () -> {
                      throw failed(new TopicAuthorizationException("t"));
                    }))
        .hasMessage("cannot ask");
  }
}
