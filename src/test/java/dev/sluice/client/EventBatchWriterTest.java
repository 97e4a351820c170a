package dev.sluice.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.client.EventBatchWriter.NotKnownException;
import dev.sluice.client.EventBatchWriter.NotWrittenException;
import dev.sluice.client.EventBatchWriter.TooLargeException;
import dev.sluice.client.EventBatchWriter.TooManyException;
import dev.sluice.contract.Topics;
import dev.sluice.event.Events;
import dev.sluice.event.Payload;
import dev.sluice.event.ProductEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventBatchWriterTest {
  private static final String TOPIC = "product-events";
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final Duration SHORT = Duration.ofMillis(300);

  private static final List<ProductEvent> THREE =
      List.of(
          Events.published("p1", "s1"),
          Events.revoked("p1", "r1", "ana"),
          Events.published("p2", "s1"));

  /** The simulated producers. */
  private final List<Kafka> made = new ArrayList<>();

  private final Serializer<Object> avro = PlainAvro.EVENTS;

  /** A producer, with a fault. */
  private static class Kafka extends MockProducer<byte[], byte[]> {
    private final AtomicInteger sent = new AtomicInteger();
    private final int failing;
    private final RuntimeException why;

    Kafka(int failing, RuntimeException why) {
      super(
          new Cluster(
              "kafka",
              List.of(Node.noNode()),
              List.of(new PartitionInfo(TOPIC, 0, Node.noNode(), new Node[0], new Node[0])),
              java.util.Set.of(),
              java.util.Set.of()),
          true,
          null,
          new ByteArraySerializer(),
          new ByteArraySerializer());
      this.failing = failing;
      this.why = why;
    }

    @Override
    public synchronized Future<RecordMetadata> send(
        ProducerRecord<byte[], byte[]> record, Callback callback) {
      if (sent.getAndIncrement() != failing) {
        return super.send(record, callback);
      }
      // As Kafka's own does: it does not throw.
      callback.onCompletion(null, why);
      return CompletableFuture.failedFuture(why);
    }

    List<String> committed() {
      return history().stream().map(record -> new String(record.key(), UTF_8)).toList();
    }
  }

  private EventBatchWriter intake(Duration timeout, Supplier<Kafka> kafka) {
    return intake(timeout, kafka, avro);
  }

  private EventBatchWriter intake(
      Duration timeout, Supplier<Kafka> kafka, Serializer<Object> serializer) {
    return new EventBatchWriter(
        timeout,
        () -> new EventRecordEncoder(new Topics(""), serializer),
        number -> {
          var one = kafka.get();
          synchronized (made) {
            made.add(one);
          }
          return one;
        });
  }

  private static Kafka good() {
    return new Kafka(-1, new IllegalStateException("never"));
  }

  private List<String> committed() {
    synchronized (made) {
      return made.stream().flatMap(kafka -> kafka.committed().stream()).toList();
    }
  }

  @Test
  void shouldWriteAllEventsOfACallInOrderInOneTransactionEachWithItsPublisher() {
    try (var intake = intake(LONG, EventBatchWriterTest::good)) {
      var places = intake.write(THREE, "anaïs");

      assertThat(places)
          .extracting(EventBatchWriter.Place::eventId)
          .containsExactlyElementsOf(THREE.stream().map(ProductEvent::eventId).toList());
      assertThat(committed()).containsExactly("p1", "p1", "p2");
      assertThat(made.getFirst().commitCount()).isEqualTo(1);
      assertThat(made.getFirst().history())
          .allSatisfy(
              record ->
                  assertThat(record.headers().lastHeader("sluice.publisher").value())
                      .isEqualTo("anaïs".getBytes(UTF_8)));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void shouldWriteNothingWhereOneEventFailsAndAllWhenTheyAreSentAgain(int failing) {
    var faulty = new Kafka(failing, new TimeoutException("the broker is away"));
    var first = new AtomicBoolean(true);
    try (var intake = intake(LONG, () -> first.getAndSet(false) ? faulty : good())) {
      assertThatThrownBy(() -> intake.write(THREE, null))
          .isInstanceOf(NotWrittenException.class)
          .hasMessage("nothing was written: the broker is away");
      assertThat(committed()).isEmpty();
      assertThat(faulty.sent).as("stops at the first that fails").hasValue(failing + 1);
      assertThat(faulty.commitCount()).isZero();

      intake.write(THREE, null);
      assertThat(committed()).containsExactly("p1", "p1", "p2");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void shouldNameTheEventThatKafkaFindsTooLarge(int failing) {
    try (var intake =
        intake(LONG, () -> new Kafka(failing, new RecordTooLargeException("so large")))) {
      assertThatThrownBy(() -> intake.write(THREE, null))
          .isInstanceOf(TooLargeException.class)
          .hasMessage("nothing was written: the event exceeds Kafka's maximum size: so large")
          .extracting(e -> ((TooLargeException) e).index())
          .isEqualTo(failing);
      assertThat(committed()).isEmpty();
    }
  }

  @Test
  void shouldAskKafkaForNothingWhereAnEventIsLargerThanWhatIsRead() {
    var large =
        List.of(
            Events.published("p1", "s1"),
            new ProductEvent(
                "large",
                "p1",
                6L,
                Events.NOON,
                "api",
                new Payload.AccessRevoked(null, "ana", "x".repeat(1_100_000))),
            Events.published("p2", "s1"));
    try (var intake = intake(LONG, EventBatchWriterTest::good)) {
      assertThatThrownBy(() -> intake.write(large, null))
          .isInstanceOf(TooLargeException.class)
          .hasMessageContaining("the maximum is 1,048,576")
          .extracting(e -> ((TooLargeException) e).index())
          .isEqualTo(1);
      assertThat(made).isEmpty();
    }
  }

  @Test
  void shouldSayThatItIsNotKnownWhereTheCommitFails() {
    try (var intake =
        intake(
            LONG,
            () ->
                new Kafka(-1, new IllegalStateException()) {
                  @Override
                  public void commitTransaction() {
                    throw new TimeoutException("no answer");
                  }
                })) {
      assertThatThrownBy(() -> intake.write(THREE, null))
          .isInstanceOf(NotKnownException.class)
          .hasMessageContaining("it is unknown whether Kafka has the 3 events (no answer)");
    }
  }

  @Test
  void shouldSayThatItIsNotKnownWhereTheCommitDoesNotEnd() {
    var end = new CountDownLatch(1);
    try (var intake =
        intake(
            SHORT,
            () ->
                new Kafka(-1, new IllegalStateException()) {
                  @Override
                  public void commitTransaction() {
                    await(end);
                    super.commitTransaction();
                  }
                })) {
      assertThatThrownBy(() -> intake.write(THREE, null)).isInstanceOf(NotKnownException.class);
      end.countDown();
    }
    assertThat(committed()).hasSize(3);
  }

  @Test
  void shouldNeverCommitWhatWasGivenUpBefore() {
    var end = new CountDownLatch(1);
    try (var intake =
        intake(
            SHORT,
            () ->
                new Kafka(-1, new IllegalStateException()) {
                  @Override
                  public void flush() {
                    await(end);
                    super.flush();
                  }
                })) {
      assertThatThrownBy(() -> intake.write(THREE, null))
          .isInstanceOf(NotWrittenException.class)
          .hasMessage(
              "nothing was written: no answer from Kafka within 300 ms (http.events.timeout.ms)");
      end.countDown();
    } // which waits until the call is over
    assertThat(made).hasSize(1);
    assertThat(committed()).isEmpty();
  }

  @Test
  void shouldWaitOnceForARegistryThatIsAwayAndNotForEachEvent() {
    var asked = new AtomicInteger();
    Serializer<Object> away =
        (topic, data) -> {
          asked.incrementAndGet();
          throw new TimeoutException("the registry is away");
        };
    try (var intake = intake(LONG, EventBatchWriterTest::good, away)) {
      assertThatThrownBy(() -> intake.write(THREE, null))
          .isInstanceOf(NotWrittenException.class)
          .hasMessage("nothing was written: the registry is away");
      assertThat(asked).hasValue(1);
      assertThat(made).isEmpty();
    }
  }

  @Test
  void shouldTakeAsManyCallsAsItSaysAndRefuseTheOthersAtOnce() {
    var end = new CountDownLatch(1);
    var many = EventBatchWriter.WRITERS + EventBatchWriter.WAITING_MAX;
    var begun = new AtomicInteger();
    try (var callers = Executors.newVirtualThreadPerTaskExecutor();
        var intake = intake(LONG, () -> waitingAtFlush(end, begun))) {
      var answers = new ArrayList<Future<List<EventBatchWriter.Place>>>();
      for (int i = 0; i < many; i++) {
        var publisher = "p" + i;
        answers.add(callers.submit(() -> intake.write(THREE, publisher)));
      }
      Awaitility.await().until(() -> intake.waiting() == EventBatchWriter.WAITING_MAX);
      assertThatThrownBy(() -> intake.write(THREE, null))
          .isInstanceOf(TooManyException.class)
          .hasMessageContaining(many + " calls with events are already waiting");
      assertThat(begun).hasValue(EventBatchWriter.WRITERS);

      end.countDown();
      assertThat(answers).allSatisfy(answer -> assertThat(answer.get()).hasSize(3));
    }
    assertThat(committed()).hasSize(3 * many);
  }

  @Test
  void shouldGiveOnePublisherHalfOfThePlacesAndTheNextOneOfTheRest() {
    var end = new CountDownLatch(1);
    int half = (EventBatchWriter.WRITERS + EventBatchWriter.WAITING_MAX) / 2;
    try (var callers = Executors.newVirtualThreadPerTaskExecutor();
        var intake = intake(LONG, () -> waitingAtFlush(end, new AtomicInteger()))) {
      var answers = new ArrayList<Future<List<EventBatchWriter.Place>>>();
      for (int i = 0; i < half; i++) {
        answers.add(callers.submit(() -> intake.write(THREE, "greedy")));
      }
      Awaitility.await().until(() -> intake.waiting() == half - EventBatchWriter.WRITERS);
      assertThatThrownBy(() -> intake.write(THREE, "greedy"))
          .isInstanceOf(TooManyException.class)
          .hasMessageContaining("greedy has " + half + " calls with events that are not answered");
      answers.add(callers.submit(() -> intake.write(THREE, "other")));
      Awaitility.await().until(() -> intake.waiting() == half + 1 - EventBatchWriter.WRITERS);

      end.countDown();
      assertThat(answers).allSatisfy(answer -> assertThat(answer.get()).hasSize(3));
    }
  }

  /** A producer that waits in each flush, and counts the flushes that have begun. */
  private Kafka waitingAtFlush(CountDownLatch end, AtomicInteger begun) {
    return new Kafka(-1, new IllegalStateException()) {
      @Override
      public void flush() {
        begun.incrementAndGet();
        await(end);
        super.flush();
      }
    };
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
