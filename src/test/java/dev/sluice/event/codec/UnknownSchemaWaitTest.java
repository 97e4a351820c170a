package dev.sluice.event.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.event.Events;
import dev.sluice.event.ProductEvent;
import dev.sluice.event.codec.EventReader.SchemaAwaitedException;
import dev.sluice.event.codec.EventReader.UnreadableEventException;
import dev.sluice.registry.SchemaNotFoundException;
import dev.sluice.serde.ConfluentFailures.Answer;
import dev.sluice.sim.Contract;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Deserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class UnknownSchemaWaitTest {
  private static final Duration WAIT = Duration.ofSeconds(30);

  private final AtomicLong clock = new AtomicLong(7);
  private final UnknownSchemaWait schemas = new UnknownSchemaWait(WAIT, clock::get);

  private void pass(Duration time) {
    clock.addAndGet(time.toNanos());
  }

  @Test
  void shouldWaitFromTheFirstTimeOnAndThenNoMore() {
    assertThat(schemas.isWaitedFor(7)).isTrue();
    pass(WAIT.minusNanos(1));
    assertThat(schemas.isWaitedFor(7)).isTrue();
    pass(Duration.ofNanos(1));
    assertThat(schemas.isWaitedFor(7)).isFalse();
    assertThat(schemas.isWaitedFor(7)).isFalse();
  }

  @Test
  void shouldNotLetWaitsInOneTransactionAddUp() {
    schemas.isWaitedFor(7);
    pass(WAIT);
    schemas.isWaitedFor(7);

    assertThat(schemas.isWaitedFor(8)).as("right after another").isFalse();
    pass(WAIT.minusNanos(1));
    assertThat(schemas.isWaitedFor(8)).as("while it rests").isFalse();
    pass(Duration.ofNanos(1));
    assertThat(schemas.isWaitedFor(8)).isTrue();
  }

  @Test
  void shouldSayHowMuchLongerItWaits() {
    assertThat(schemas.leftMs(7)).isZero();
    schemas.isWaitedFor(7);
    assertThat(schemas.leftMs(7)).isEqualTo(WAIT.toMillis());
    pass(Duration.ofSeconds(29));
    assertThat(schemas.leftMs(7)).isEqualTo(1_000);
    pass(Duration.ofSeconds(2));
    assertThat(schemas.leftMs(7)).isZero();
  }

  @Test
  void shouldWaitAgainAfterItHasForgotten() {
    schemas.isWaitedFor(7);
    pass(WAIT);
    schemas.isWaitedFor(7);
    pass(UnknownSchemaWait.REMEMBERED.minusNanos(1));
    assertThat(schemas.isWaitedFor(7)).isFalse();
    pass(Duration.ofNanos(1));
    assertThat(schemas.isWaitedFor(7)).isTrue();
  }

  @Test
  void shouldBeginAnewAfterAnIdWasKnown() {
    schemas.isWaitedFor(7);
    schemas.isKnown(7);
    pass(WAIT);
    assertThat(schemas.isWaitedFor(7)).isTrue();
  }

  @Test
  void shouldNotLetManyIdsHoldTheTopicUp() {
    for (int id = 0; id < UnknownSchemaWait.REMEMBERED_MAX; id++) {
      assertThat(schemas.isWaitedFor(id)).isTrue();
      pass(WAIT);
      assertThat(schemas.isWaitedFor(id)).isFalse();
      pass(WAIT);
    }
    assertThat(schemas.isWaitedFor(99)).isFalse();
    pass(UnknownSchemaWait.REMEMBERED);
    assertThat(schemas.isWaitedFor(99)).isTrue();
  }

  @Test
  void shouldNotWaitWhereTheWaitIsZero() {
    assertThat(UnknownSchemaWait.rejected().isWaitedFor(7)).isFalse();
  }

  static Stream<RuntimeException> unknown() {
    return Stream.of(
        new SchemaNotFoundException(40403, "Schema 7 not found"),
        new Answer(404, 40403).newer(),
        new Answer(404, 40401).older(),
        new Answer(422, 42201).newer(),
        new Answer(422, 422).older(),
        new Answer(400, 400).newer(),
        new Answer(400, 400).older());
  }

  @ParameterizedTest
  @MethodSource("unknown")
  void shouldWaitForASchemaAndRejectOnlyThen(RuntimeException answer) throws Exception {
    var there = new AtomicBoolean();
    try (var reader = new EventReader(answering(answer, there), "t", schemas)) {
      assertThatExceptionOfType(SchemaAwaitedException.class)
          .isThrownBy(() -> read(reader, 7))
          .withMessageContaining("schema id 7 is not in the registry")
          .withMessageContaining("30000 ms (schema.registry.unknown.schema.wait.ms)");
      pass(WAIT);
      assertThatExceptionOfType(UnreadableEventException.class)
          .isThrownBy(() -> read(reader, 7))
          .withMessageStartingWith(
              "schema id 7 is not in the registry, and is not waited for any more: ");
      assertThatExceptionOfType(UnreadableEventException.class).isThrownBy(() -> read(reader, 7));

      there.set(true);

      assertThat(read(reader, 7)).isEqualTo(Events.suspended("p1"));
    }
  }

  static Stream<RuntimeException> conflicts() {
    return Stream.of(new Answer(409, 409).older(), new Answer(409, 40901).newer());
  }

  @ParameterizedTest
  @MethodSource({
    "conflicts",
    "dev.sluice.serde.ConfluentFailures#outages",
    "dev.sluice.serde.ConfluentFailures#notFoundByOthers"
  })
  void shouldWaitForEverWhereTheRegistrySaysNothingOfTheSchema(RuntimeException outage) {
    try (var reader = new EventReader(answering(outage, new AtomicBoolean()), "t", schemas)) {
      for (int i = 0; i < 3; i++) {
        assertThatExceptionOfType(RetriableException.class)
            .isThrownBy(() -> read(reader, 7))
            .isNotInstanceOf(SchemaAwaitedException.class)
            .withCause(outage);
        pass(WAIT.multipliedBy(10));
      }
    }
  }

  private static ProductEvent read(EventReader reader, int id) throws UnreadableEventException {
    return reader.read(
        new RecordHeaders(), ByteBuffer.allocate(6).put((byte) 0).putInt(id).array());
  }

  private static Deserializer<Object> answering(RuntimeException answer, AtomicBoolean there) {
    return (topic, bytes) -> {
      if (!there.get()) {
        throw answer;
      }
      return Contract.EVENTS
          .deserializer()
          .deserialize(
              topic,
              Contract.EVENTS
                  .serializer()
                  .serialize(topic, EventAvro.toAvro(Events.suspended("p1"))));
    };
  }
}
