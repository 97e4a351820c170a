package dev.sluice.event.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.dev.registry.MockSchemaRegistry;
import dev.sluice.event.Events;
import dev.sluice.event.Payload;
import dev.sluice.event.ProductEvent;
import dev.sluice.event.codec.EventReader.UnreadableEventException;
import dev.sluice.registry.ConfluentAvroDeserializer;
import dev.sluice.sim.ForeignWriter;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Map;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages about a record that is no event: the remedy, and the event's id if it has one. */
class RemedyTest {
  private static final String SCOPE = "remedy-test";
  private static final String ARCHIVED =
      "{\"type\":\"record\",\"name\":\"ProductArchived\",\"fields\":[]}";

  private final MockSchemaRegistry registry = MockSchemaRegistry.of(SCOPE);
  private int registered;
  private final ProductEvent suspended =
      new ProductEvent("e7", "p1", null, Events.NOON, "api", new Payload.ProductSuspended(null));

  @AfterEach
  void dropScope() {
    MockSchemaRegistry.drop(SCOPE);
  }

  private byte[] bytes(GenericRecord record) {
    // A subject of its own, which takes it.
    var id = registry.register("s" + registered++, record.getSchema());
    var value = ForeignWriter.bytes(record);
    return ByteBuffer.allocate(5 + value.length).put((byte) 0).putInt(id).put(value).array();
  }

  private static UnreadableEventException unreadable(byte @Nullable [] value) {
    var own = new ConfluentAvroDeserializer();
    own.configure(Map.of("schema.registry.url", "mock://" + SCOPE), false);
    return unreadable(own, value);
  }

  private static UnreadableEventException unreadable(
      Deserializer<?> deserializer, byte @Nullable [] value) {
    var thrown = new ArrayList<UnreadableEventException>();
    try (var reader = new EventReader(deserializer, "t")) {
      assertThatExceptionOfType(UnreadableEventException.class)
          .isThrownBy(() -> reader.read(new RecordHeaders(), value))
          .satisfies(thrown::add);
    }
    var e = thrown.getFirst();
    assertThat(e.getMessage()).doesNotContainPattern("java\\.|Exception|Error\\b");
    return e;
  }

  private static void assertSays(
      UnreadableEventException e, String remedy, @Nullable String id, @Nullable String type) {
    assertThat(e.remedy()).startsWith(remedy);
    assertThat(e.eventId()).isEqualTo(id);
    assertThat(e.type()).isEqualTo(type);
  }

  @Test
  void shouldSayOfAnUnknownTypeThatTheWorkerMayBeOlder() {
    var writer = ForeignWriter.withPayload(ARCHIVED);

    assertSays(
        unreadable(bytes(writer.record(suspended, null, "ProductArchived"))),
        "Either this worker is older than the producer (upgrade the worker), or the name is"
            + " misspelt",
        "e7",
        "ProductArchived");
  }

  @Test
  void shouldSayOfAForeignNameThatItIsTheContracts() {
    var namespace = ForeignWriter.withNamespace("ProductSuspended", "acme");
    var event = ForeignWriter.changed("\"name\":\"ProductEvent\"", "\"name\":\"MarketEvent\"");

    assertSays(
        unreadable(bytes(namespace.record(suspended, null))),
        "Write with the schema avro/ProductEvent.avsc: use the contract's names",
        "e7",
        "acme.ProductSuspended");
    assertSays(
        unreadable(bytes(event.record(suspended, null))),
        "Write with the schema avro/ProductEvent.avsc: use the contract's names",
        null,
        null);
  }

  @Test
  void shouldSayOfATypeThatDiffersToNameTheBranch() {
    assertSays(
        unreadable(bytes(ForeignWriter.contract().record(suspended, "ProductResumed"))),
        "Name the union's branch",
        "e7",
        null);
  }

  @Test
  void shouldSayOfATimeInAnotherUnitWhichIsMeant() {
    var seconds =
        new ProductEvent(
            "e7", "p1", null, Instant.ofEpochMilli(1767614400), "api", suspended.payload());
    var local = ForeignWriter.changed("timestamp-millis", "local-timestamp-millis");
    var remedy = "Send times in milliseconds, or declare timestamp-micros";

    assertSays(
        unreadable(bytes(ForeignWriter.contract().record(seconds, null))),
        remedy,
        "e7",
        "ProductSuspended");
    assertSays(unreadable(bytes(local.record(suspended, null))), remedy, "e7", "ProductSuspended");
  }

  @Test
  void shouldSayOfAnUnknownSchemaToRegisterIt() {
    assertSays(
        unreadable(new byte[] {0, 0x7f, 0x7f, 0x7f, 0x7f, 0}),
        "Register the schema where the worker's registry is",
        null,
        null);
  }

  @Test
  void shouldSayOfAMissingValueToSendOne() {
    assertSays(unreadable(null), "Send a ProductEvent as the record's value.", null, null);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "{\"eventId\":\"e1\"}", "\0\u007f"})
  void shouldSayOfAnotherFormatWhichIsMeant(String garbage) {
    assertSays(
        unreadable(garbage.getBytes(UTF_8)),
        "Send Avro in the registry's wire format: a byte 0",
        null,
        null);
  }

  @Test
  void shouldSayOfBytesThatAreNoRecordToWriteOne() {
    var whole = bytes(ForeignWriter.contract().record(suspended, null));
    var remedy = "Write the record with the schema whose id precedes it";
    var cut = unreadable(Arrays.copyOf(whole, whole.length - 4));

    assertSays(cut, remedy, null, null);
    assertThat(cut).hasMessageContaining("the bytes end before the record does");
    assertSays(unreadable(Arrays.copyOf(whole, whole.length + 1)), remedy, null, null);
  }

  @Test
  void shouldGiveNoNamesOfJava() {
    for (var error :
        new Throwable[] {
          new java.io.EOFException(),
          new ClassCastException("class java.lang.String cannot be cast to class java.lang.Long"),
          new ArrayIndexOutOfBoundsException("Index 77 out of bounds for length 12"),
          new RuntimeException(new java.io.IOException("bad length")),
          new IllegalArgumentException()
        }) {
      var wrapped = new SerializationException(error);

      var e =
          unreadable(
              (topic, bytes) -> {
                throw wrapped;
              },
              new byte[] {0, 0, 0, 0, 1, 2});

      assertThat(e.getMessage()).as("of %s", error).matches("[a-z][a-z,' ]+");
    }
  }
}
