package dev.sluice.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.config.SluiceConfig;
import dev.sluice.contract.Topics;
import dev.sluice.event.Events;
import dev.sluice.event.Payload;
import dev.sluice.event.ProductEvent;
import dev.sluice.operator.OperatorException;
import dev.sluice.registry.RegistryUnavailableException;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serializer;
import org.junit.jupiter.api.Test;

class EventPublisherTest {
  private static final SluiceConfig CONFIG =
      SluiceConfig.of(Map.of("schema.registry.url", "mock://publisher"));

  private final MockProducer<byte[], byte[]> kafka =
      new MockProducer<>(false, null, new ByteArraySerializer(), new ByteArraySerializer());

  private final Serializer<Object> avro = PlainAvro.EVENTS;

  private EventPublisher publisher(Serializer<Object> serializer) {
    return new EventPublisher(CONFIG, new EventRecordEncoder(new Topics(""), serializer), kafka);
  }

  private static ProductEvent event(int number) {
    return Events.approved("p1", "r" + number, "ana");
  }

  private List<String> keys() {
    return kafka.history().stream().map(record -> new String(record.key(), UTF_8)).toList();
  }

  /** The sending thread's work: not the caller's. */
  private static void elsewhere(Runnable work) throws InterruptedException {
    var thread = new Thread(work);
    thread.start();
    thread.join();
  }

  @Test
  void shouldStopAtOnceWithTheFirstThatFailsAndSayWhatIsKnown() throws Exception {
    try (var publisher = publisher(avro)) {
      for (int i = 1; i <= 4; i++) {
        publisher.send(event(i), "file:" + i);
      }
      elsewhere(
          () -> {
            kafka.completeNext();
            kafka.errorNext(new TimeoutException("the broker is away"));
          });

      assertThat(kafka.closed()).as("what waits behind it is dropped").isTrue();
      assertThatThrownBy(() -> publisher.send(event(5), "file:5"))
          .isInstanceOf(OperatorException.class)
          .hasMessageStartingWith(
              "file:2: cannot write to topic product-events: the broker is away; Kafka has"
                  + " confirmed 1 events, among them all up to file:1, the result of 3 more is"
                  + " unknown")
          .hasMessageEndingWith("which is harmless if they have a sequence");
      assertThat(keys()).hasSize(4);
    }
  }

  @Test
  void shouldWriteWhatStoodBeforeAnEventThatTheRegistryIsNotThereFor() {
    var count = new int[1];
    Serializer<Object> away =
        (topic, data) -> {
          if (++count[0] == 3) {
            throw new RegistryUnavailableException("http://localhost:1: refused", null);
          }
          return avro.serialize(topic, data);
        };
    try (var publisher = publisher(away)) {
      publisher.send(event(1), "file:1");
      publisher.send(event(2), "file:2");

      assertThatThrownBy(() -> publisher.send(event(3), "file:3"))
          .isInstanceOf(OperatorException.class)
          .hasMessage(
              "file:3: cannot be written as Avro: http://localhost:1: refused; the 2 events before"
                  + " it are written");
    }
  }

  @Test
  void shouldNameTheEventThatIsTooLargeAndWriteNothingBehindIt() {
    try (var publisher = publisher(avro)) {
      var large =
          new ProductEvent(
              "large",
              "p1",
              6L,
              Events.NOON,
              "api",
              new Payload.AccessRevoked(null, "ana", "x".repeat(1_100_000)));
      assertThatThrownBy(() -> publisher.send(large, "file:1"))
          .hasMessageStartingWith("file:1: the event has 1,100,0")
          .hasMessageEndingWith("; nothing was written");
      assertThat(kafka.history()).isEmpty();
    }
  }

  @Test
  void shouldSayThatTheOnesBeforeAreWrittenWhereKafkaTakesOneNotAtOnce() {
    try (var publisher = publisher(avro)) {
      publisher.send(event(1), "file:1");
      kafka.sendException = new RecordTooLargeException("so large");

      assertThatThrownBy(() -> publisher.send(event(2), "file:2"))
          .hasMessage(
              "file:2: cannot write to topic product-events: so large; the 1 events before it are"
                  + " written");
    }
  }
}
