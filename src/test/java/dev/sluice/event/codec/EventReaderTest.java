package dev.sluice.event.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.avro.AccessDenied;
import dev.sluice.event.Events;
import dev.sluice.event.ProductEvent;
import dev.sluice.event.codec.EventReader.UnreadableEventException;
import dev.sluice.serde.ConfluentFailures.Answer;
import dev.sluice.sim.Contract;
import java.io.EOFException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Deserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventReaderTest {
  private static final byte[] ANY = {1};

  @Test
  void shouldReadAnEvent() throws UnreadableEventException {
    var event = Events.sequenced(3, Events.published("p1", "s1"));
    var bytes = Contract.EVENTS.serializer().serialize("t", EventAvro.toAvro(event));

    assertThat(reader(Contract.deserializer()).read(new RecordHeaders(), bytes)).isEqualTo(event);
  }

  @Test
  void shouldTakeAMissingValueForUnreadable() {
    assertThatExceptionOfType(UnreadableEventException.class)
        .isThrownBy(() -> reader(Contract.deserializer()).read(new RecordHeaders(), null))
        .withMessage("the record has no value");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "{\"eventId\":\"e1\"}"})
  void shouldTakeGarbageForUnreadable(String garbage) {
    assertThatExceptionOfType(UnreadableEventException.class)
        .isThrownBy(
            () -> reader(Contract.deserializer()).read(new RecordHeaders(), garbage.getBytes()));
  }

  @Test
  void shouldTakeATruncatedEventForUnreadable() {
    var bytes =
        Contract.EVENTS.serializer().serialize("t", EventAvro.toAvro(Events.published("p1", "s1")));
    var half = java.util.Arrays.copyOf(bytes, bytes.length / 2);

    assertThatExceptionOfType(UnreadableEventException.class)
        .isThrownBy(() -> reader(Contract.deserializer()).read(new RecordHeaders(), half));
  }

  @Test
  void shouldTakeAnotherRecordForUnreadable() {
    assertThatExceptionOfType(UnreadableEventException.class)
        .isThrownBy(() -> read((topic, bytes) -> new AccessDenied("r1", null)))
        .withMessage("the record is a AccessDenied, not a ProductEvent");
  }

  @Test
  void shouldTakeANullEventForUnreadable() {
    assertThatExceptionOfType(UnreadableEventException.class)
        .isThrownBy(() -> read((topic, bytes) -> null))
        .withMessage("the record is a null, not a ProductEvent");
  }

  @Test
  void shouldTakeAnUnknownPayloadForUnreadable() {
    var event =
        new dev.sluice.avro.ProductEvent(
            "e1", "p1", null, Events.NOON, "api", "a new payload", null);

    assertThatExceptionOfType(UnreadableEventException.class)
        .isThrownBy(() -> read((topic, bytes) -> event))
        .withMessage("the payload is not a record");
  }

  static Stream<RuntimeException> outages() {
    return Stream.of(
        new TimeoutException("slow"),
        new DisconnectException("gone"),
        new SerializationException("no schema", new TimeoutException("slow")),
        new SerializationException("no schema", new ConnectException("refused")),
        new SerializationException("no schema", new SocketTimeoutException("slow")),
        new SerializationException("no schema", new UnknownHostException("registry")),
        new SerializationException("no schema", new HttpConnectTimeoutException("slow")),
        new SerializationException("no schema", new SSLHandshakeException("certificate")),
        new IllegalStateException(new RuntimeException(new ConnectException("refused"))));
  }

  @ParameterizedTest
  @MethodSource({
    "outages",
    "dev.sluice.serde.ConfluentFailures#outages",
    "dev.sluice.serde.ConfluentFailures#notFoundByOthers"
  })
  void shouldNotTakeAnOutageForUnreadable(RuntimeException outage) {
    assertThatThrownBy(() -> read(failing(outage)))
        .isInstanceOf(RetriableException.class)
        .satisfiesAnyOf(
            thrown -> assertThat(thrown).isSameAs(outage),
            thrown -> assertThat(thrown).hasCause(outage));
  }

  @Test
  void shouldNotTakeADeserializerThatIsNotConfiguredForUnreadable() {
    var error = new InvalidConfigurationException("SchemaRegistryClient not found");

    assertThatThrownBy(() -> read(failing(error))).isSameAs(error);
  }

  static Stream<RuntimeException> verdicts() {
    return Stream.of(
        new SerializationException("unknown magic byte"),
        new SerializationException("too short", new EOFException()),
        new Answer(404, 40403).newer(),
        new Answer(404, 40403).older(),
        new IllegalArgumentException(),
        new ClassCastException("not a record"));
  }

  @ParameterizedTest
  @MethodSource("verdicts")
  void shouldTakeWhatWillNeverBeReadForUnreadable(RuntimeException verdict) {
    assertThatExceptionOfType(UnreadableEventException.class)
        .isThrownBy(() -> read(failing(verdict)))
        .withCause(verdict);
  }

  @Test
  void shouldSayEveryCauseOnce() {
    var error =
        new SerializationException("cannot read", new RuntimeException("no union branch 9"));

    assertThatExceptionOfType(UnreadableEventException.class)
        .isThrownBy(() -> read(failing(error)))
        .withMessage("cannot read: no union branch 9");
  }

  @Test
  void shouldCutLongMessages() {
    assertThatExceptionOfType(UnreadableEventException.class)
        .isThrownBy(() -> read(failing(new SerializationException("x".repeat(9000)))))
        .withMessage("x".repeat(500) + "…");
  }

  @Test
  void shouldCloseItsDeserializer() {
    var closed = new AtomicBoolean();
    var deserializer =
        new Deserializer<Object>() {
          @Override
          public Object deserialize(String topic, byte[] data) {
            throw new AssertionError();
          }

          @Override
          public void close() {
            closed.set(true);
          }
        };

    reader(deserializer).close();

    assertThat(closed).isTrue();
  }

  private static ProductEvent read(Deserializer<?> deserializer) throws UnreadableEventException {
    return reader(deserializer).read(new RecordHeaders(), ANY);
  }

  private static EventReader reader(Deserializer<?> deserializer) {
    return new EventReader(deserializer, "t");
  }

  private static Deserializer<Object> failing(RuntimeException error) {
    return (topic, bytes) -> {
      throw error;
    };
  }
}
