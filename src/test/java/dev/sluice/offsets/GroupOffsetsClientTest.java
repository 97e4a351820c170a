package dev.sluice.offsets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.offsets.GroupOffsetsClient.Progress;
import dev.sluice.operator.OperatorException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.internals.KafkaFutureImpl;
import org.junit.jupiter.api.Test;

/** Tests the time-outs and errors of requests; integration tests hold the answers of a broker. */
class GroupOffsetsClientTest {
  private static final TopicPartition PARTITION = new TopicPartition("events", 0);

  private final KafkaFutureImpl<ListOffsetsResultInfo> answer = new KafkaFutureImpl<>();
  private final List<ListOffsetsOptions> requests = new ArrayList<>();

  /** A client that answers requests for offsets of partitions with {@link #answer}. */
  private final Admin admin =
      (Admin)
          Proxy.newProxyInstance(
              getClass().getClassLoader(),
              new Class<?>[] {Admin.class},
              (proxy, method, arguments) -> {
                assertThat(method.getName()).isEqualTo("listOffsets");
                requests.add((ListOffsetsOptions) arguments[1]);
                return new ListOffsetsResult(
                    Map.<TopicPartition, KafkaFuture<ListOffsetsResultInfo>>of(PARTITION, answer));
              });

  @Test
  void shouldBoundTheTimeOfMeasurements() {
    answer.complete(new ListOffsetsResultInfo(7, 0, null));

    var end =
        GroupOffsetsClient.forMeasurements(admin, "workers")
            .end(List.of(PARTITION), IsolationLevel.READ_COMMITTED);

    assertThat(end).containsExactly(Map.entry(PARTITION, 7L));
    assertThat(requests)
        .singleElement()
        .satisfies(
            options -> {
              assertThat(options.timeoutMs()).isEqualTo(5_000);
              assertThat(options.isolationLevel()).isEqualTo(IsolationLevel.READ_COMMITTED);
            });
  }

  @Test
  void shouldLeaveTheTimeOfChecksToKafkasOwnSetting() {
    answer.complete(new ListOffsetsResultInfo(7, 0, null));

    GroupOffsetsClient.forChecks(admin, "workers").first(List.of(PARTITION));

    assertThat(requests)
        .singleElement()
        .satisfies(options -> assertThat(options.timeoutMs()).isNull());
  }

  @Test
  void shouldNameTheGroupAndTheRemedyOfAFailure() {
    answer.completeExceptionally(new TopicAuthorizationException("no right to events"));
    var client = GroupOffsetsClient.forChecks(admin, "workers");

    assertThatThrownBy(() -> client.first(List.of(PARTITION)))
        .isInstanceOf(OperatorException.class)
        .hasMessageContaining("the offsets of group workers: no right to events")
        .hasMessageContaining("grant the worker's Kafka user the right");
  }

  @Test
  void shouldStayInterrupted() {
    var client = GroupOffsetsClient.forMeasurements(admin, "workers");
    Thread.currentThread().interrupt();

    assertThatThrownBy(() -> client.first(List.of(PARTITION)))
        .isInstanceOf(OperatorException.class)
        .hasMessageContaining("interrupted");
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void shouldHaveNoNegativeLag() {
    assertThat(new Progress(3, 10).lag()).isEqualTo(7);
    // A commit between the two reads.
    assertThat(new Progress(12, 10).lag()).isZero();
  }
}
