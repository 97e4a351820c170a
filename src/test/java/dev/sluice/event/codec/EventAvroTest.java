package dev.sluice.event.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sluice.event.Events;
import dev.sluice.event.Payload;
import dev.sluice.event.ProductEvent;
import dev.sluice.sim.Contract;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EventAvroTest {

  static Stream<Payload> payloads() {
    return Payloads.all();
  }

  @ParameterizedTest
  @MethodSource("payloads")
  void shouldReadWhatItWrote(Payload payload) {
    var event = new ProductEvent("e1", "p1", null, Events.NOON, "api", payload);

    assertThat(EventAvro.fromAvro(EventAvro.toAvro(event))).isEqualTo(event);
  }

  @ParameterizedTest
  @MethodSource("payloads")
  void shouldReadWhatItWroteAsBytes(Payload payload) {
    var event = new ProductEvent("e1", "p1", 7L, Events.NOON, "api", payload);
    var bytes = Contract.EVENTS.serializer().serialize("t", EventAvro.toAvro(event));

    assertThat(EventAvro.fromAvro(Contract.EVENTS.deserializer().deserialize("t", bytes)))
        .isEqualTo(event);
  }

  @Test
  void shouldTestEveryPayload() {
    assertThat(types(Payloads.full()))
        .isEqualTo(types(Payloads.bare()))
        .isEqualTo(Set.copyOf(Payload.types()));
  }

  @Test
  void shouldRejectAPayloadThatThisVersionDoesNotKnow() {
    var event =
        new dev.sluice.avro.ProductEvent(
            "e1", "p1", null, Events.NOON, "api", "a new payload", null);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> EventAvro.fromAvro(event))
        .withMessage("unknown payload java.lang.String");
  }

  private static Set<Class<?>> types(Stream<Payload> payloads) {
    return payloads.map(Payload::getClass).collect(Collectors.toSet());
  }
}
