package dev.sluice.streams;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.junit.jupiter.api.Test;

/** A commit is requested when a thread has processed all that it has read, and not more often. */
class IdleCommitsTest {
  private static final String TOPIC = "events";
  private static final int MAX = 10;
  private static final Duration EVERY = Duration.ofMillis(20);

  private long nowNs = 1_000_000_000;
  private final IdleCommits idleCommits = new IdleCommits(EVERY, () -> nowNs);
  private final MockProcessorContext<Object, Object> context = new MockProcessorContext<>();
  private final IdleCommits.Task task = idleCommits.task(context);

  @Test
  void shouldCommitAfterTheLastRecordThatWasRead() {
    polled(0, 5, 6);

    processed(0, 5);
    assertThat(context.committed()).isFalse();
    processed(0, 6);
    assertThat(context.committed()).isTrue();
  }

  @Test
  void shouldWaitForTheOtherPartitionsOfTheThread() {
    polled(0, 5);
    polled(1, 7);

    processed(0, 5);
    assertThat(context.committed()).isFalse();
    processed(1, 7);
    assertThat(context.committed()).isTrue();
  }

  @Test
  void shouldNotCommitWhileThereIsMoreToRead() {
    polled(0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9);

    processed(0, 9);
    assertThat(context.committed()).isFalse();
    polled(0);
    polled(0, 10);
    processed(0, 10);
    assertThat(context.committed()).isTrue();
  }

  @Test
  void shouldCommitOncePerIntervalAndThenForWhatWaited() {
    polled(0, 1);
    processed(0, 1);
    assertThat(context.committed()).isTrue();
    context.resetCommit();

    nowNs += Duration.ofMillis(5).toNanos();
    polled(0, 2);
    processed(0, 2);
    assertThat(context.committed()).isFalse();
    assertThat(waiting().getInterval()).isEqualTo(Duration.ofMillis(15));

    nowNs += Duration.ofMillis(15).toNanos();
    waiting().getPunctuator().punctuate(0);
    assertThat(context.committed()).isTrue();
    assertThat(waiting().cancelled()).isTrue();
  }

  @Test
  void shouldNotCommitAtTheEndOfTheIntervalIfThereIsMoreToProcess() {
    polled(0, 1);
    processed(0, 1);
    context.resetCommit();
    polled(0, 2);
    processed(0, 2);
    nowNs += EVERY.toNanos();
    polled(0, 3, 4);

    waiting().getPunctuator().punctuate(0);
    assertThat(context.committed()).isFalse();

    processed(0, 3);
    processed(0, 4);
    assertThat(context.committed()).isTrue();
  }

  @Test
  void shouldForgetTheRecordsOfATaskThatIsClosed() {
    polled(0, 5);
    polled(1, 7);

    idleCommits.task(new MockProcessorContext<>()).close();
    polled(0, 6);
    processed(0, 6);

    assertThat(context.committed()).isTrue();
  }

  @Test
  void shouldCommitWorkBetweenRecordsOnceTheThreadIsIdle() {
    polled(0, 1, 2);
    processed(0, 1);
    task.worked();
    assertThat(context.committed()).isFalse();

    processed(0, 2);
    context.resetCommit();
    nowNs += EVERY.toNanos();
    task.worked();
    assertThat(context.committed()).isTrue();
  }

  @Test
  void shouldCommitWorkBetweenRecordsAtTheEndOfTheInterval() {
    polled(0, 1);
    processed(0, 1);
    context.resetCommit();

    nowNs += Duration.ofMillis(5).toNanos();
    task.worked();
    task.worked();
    assertThat(context.committed()).isFalse();
    assertThat(context.scheduledPunctuators()).hasSize(1);

    nowNs += Duration.ofMillis(15).toNanos();
    waiting().getPunctuator().punctuate(0);
    assertThat(context.committed()).isTrue();
  }

  @Test
  void shouldDoNothingWithoutAConsumerThatReports() {
    task.worked();
    processed(0, 1);

    assertThat(context.committed()).isFalse();
    assertThat(context.scheduledPunctuators()).isEmpty();
  }

  @Test
  void shouldRequestNoCommitIfThereAreToBeNone() {
    var off = new MockProcessorContext<>();
    IdleCommits.NONE.polled(bytes(0, 1), MAX);

    IdleCommits.NONE.task(off).processed(at(0, 1));

    assertThat(off.committed()).isFalse();
    assertThat(off.scheduledPunctuators()).isEmpty();
  }

  @Test
  void shouldCountAsIdleAlthoughRecordsFromBeforeARebalanceAreProcessed() {
    polled(0, 5);
    polled(1, 7);
    idleCommits.task(new MockProcessorContext<>()).close();
    polled(2, 3);

    processed(1, 7);
    processed(2, 3);

    assertThat(context.committed()).isTrue();
  }

  @Test
  void shouldBeNotifiedByTheInterceptor() {
    var interceptor = new PolledRecordsInterceptor();
    interceptor.configure(
        Map.of(PolledRecordsInterceptor.IDLE_COMMITS, idleCommits, "max.poll.records", "2"));

    interceptor.onConsume(bytes(0, 1, 2));
    processed(0, 2);
    assertThat(context.committed()).isFalse();

    interceptor.onConsume(bytes(0, 3));
    processed(0, 3);
    assertThat(context.committed()).isTrue();
    interceptor.close();
  }

  private MockProcessorContext.CapturedPunctuator waiting() {
    return context.scheduledPunctuators().getLast();
  }

  private void polled(int partition, long... offsets) {
    idleCommits.polled(bytes(partition, offsets), MAX);
  }

  private void processed(int partition, long offset) {
    task.processed(at(partition, offset));
  }

  private static RecordMetadata at(int partition, long offset) {
    return new RecordMetadata() {
      @Override
      public String topic() {
        return TOPIC;
      }

      @Override
      public int partition() {
        return partition;
      }

      @Override
      public long offset() {
        return offset;
      }
    };
  }

  private static ConsumerRecords<byte[], byte[]> bytes(int partition, long... offsets) {
    var records = new ArrayList<ConsumerRecord<byte[], byte[]>>();
    for (var offset : offsets) {
      records.add(new ConsumerRecord<>(TOPIC, partition, offset, new byte[0], new byte[0]));
    }
    var byPartition = new HashMap<TopicPartition, List<ConsumerRecord<byte[], byte[]>>>();
    if (offsets.length > 0) {
      byPartition.put(new TopicPartition(TOPIC, partition), records);
    }
    return new ConsumerRecords<>(byPartition, Map.of());
  }
}
