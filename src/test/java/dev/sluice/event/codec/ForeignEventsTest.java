package dev.sluice.event.codec;

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
import java.util.List;
import java.util.Map;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Events that were written with another schema than the contract's: nothing of them is guessed. */
class ForeignEventsTest {
  private static final String SCOPE = "foreign-events-test";
  private static final Map<String, ?> REGISTRY =
      Map.of("schema.registry.url", "mock://" + SCOPE, "specific.avro.reader", "false");
  private static final Instant END = Instant.parse("2026-06-30T22:00:00.123Z");

  private final MockSchemaRegistry registry = MockSchemaRegistry.of(SCOPE);
  private int registered;

  /** The configured deserializer. */
  enum Reading {
    OWN,
    /** One that gives records as they were written, as Confluent's does when it is told to. */
    GENERIC;

    EventReader reader() {
      var own = new ConfluentAvroDeserializer();
      own.configure(REGISTRY, false);
      Deserializer<Object> generic = (topic, bytes) -> own.deserialize(topic, bytes);
      return new EventReader(this == OWN ? own : generic, "t");
    }
  }

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

  private ProductEvent read(Reading reading, GenericRecord record) throws UnreadableEventException {
    try (var reader = reading.reader()) {
      return reader.read(new RecordHeaders(), bytes(record));
    }
  }

  private String unreadable(Reading reading, GenericRecord record) {
    var thrown = new ArrayList<UnreadableEventException>();
    assertThatExceptionOfType(UnreadableEventException.class)
        .isThrownBy(() -> read(reading, record))
        .satisfies(thrown::add);
    return String.valueOf(thrown.getFirst().getMessage());
  }

  @ParameterizedTest
  @EnumSource
  void shouldReadEveryTypeThatTheContractHas(Reading reading) throws UnreadableEventException {
    var newer =
        ForeignWriter.withPayload(
            "{'type':'record','name':'ProductArchived','fields':[]}".replace('\'', '"'));
    for (var payload : Payloads.full().toList()) {
      var event = new ProductEvent("e1", "p1", 7L, Events.NOON, "api", payload);

      for (var writer : List.of(ForeignWriter.contract(), newer)) {
        assertThat(read(reading, writer.record(event, event.type()))).isEqualTo(event);
        assertThat(read(reading, writer.record(event, null))).isEqualTo(event);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void shouldNotTakeAnUnknownTypeForAKnownOneOfItsShape(Reading reading) {
    for (var fields :
        List.of(
            // as an update, a suspension, a publication and a replacement have them
            "",
            "{'name':'reason','type':['null','string'],'default':null}",
            "{'name':'name','type':'string'},"
                + "{'name':'dataSources','type':{'type':'array','items':'DataSource'}}",
            "{'name':'dataSources','type':{'type':'array','items':'DataSource'}}")) {
      var writer =
          ForeignWriter.withPayload(
              ("{'type':'record','name':'ProductArchived','fields':[" + fields + "]}")
                  .replace('\'', '"'));
      var event =
          fields.contains("reason") ? Events.suspended("p1") : Events.published("p1", "s1", "s2");

      assertThat(unreadable(reading, writer.record(event, null, "ProductArchived")))
          .isEqualTo(
              "the payload is a dev.sluice.avro.ProductArchived, which this worker does not know");
    }
  }

  /** Names that Java has a class for, or that Java's Avro would refuse, are names like others. */
  @ParameterizedTest
  @CsvSource({
    "OWN, java.util.HashMap",
    "GENERIC, java.util.HashMap",
    "OWN, dev.sluice.avro.AccessCommand",
    "GENERIC, dev.sluice.avro.AccessCommand",
    "OWN, a-b.c-d",
    "GENERIC, a-b.c-d"
  })
  void shouldMakeNoObjectOfAnUnknownType(Reading reading, String name) {
    var writer =
        ForeignWriter.withPayload(
            "{'type':'record','name':'%s','fields':[{'name':'reason','type':['null','string']}]}"
                .formatted(name)
                .replace('\'', '"'));
    var simple = name.substring(name.lastIndexOf('.') + 1);

    assertThat(unreadable(reading, writer.record(Events.suspended("p1"), null, simple)))
        .startsWith("the payload is a " + name + ", which this worker does not know");
  }

  @ParameterizedTest
  @EnumSource
  void shouldNotTakeARecordOfAnotherNamespaceForTheContracts(Reading reading) {
    var writer = ForeignWriter.withNamespace("AccessRevoked", "acme.events");

    assertThat(
            unreadable(reading, writer.record(Events.revoked("p1", "r1", "ana"), "AccessRevoked")))
        .isEqualTo(
            "the payload is a acme.events.AccessRevoked, the contract's is a"
                + " dev.sluice.avro.AccessRevoked: the record's namespace is another");
  }

  @ParameterizedTest
  @CsvSource({
    "OWN, acme.ProductEvent",
    "GENERIC, acme.ProductEvent",
    "OWN, dev.sluice.avro.Event",
    "GENERIC, dev.sluice.avro.Event"
  })
  void shouldNotTakeAnEventOfAnotherNameForTheContracts(Reading reading, String name) {
    var writer =
        ForeignWriter.changed(
            "\"name\":\"ProductEvent\",\"namespace\":\"dev.sluice.avro\"",
            "\"name\":\"%s\",\"namespace\":\"%s\""
                .formatted(
                    name.substring(name.lastIndexOf('.') + 1),
                    name.substring(0, name.lastIndexOf('.'))));

    assertThat(unreadable(reading, writer.record(Events.published("p1", "s1"), null)))
        .isEqualTo(
            "the record is a "
                + name
                + ", not a dev.sluice.avro.ProductEvent: name and namespace must be the"
                + " contract's");
  }

  @ParameterizedTest
  @EnumSource
  void shouldNotTakeAnyOtherRecordForAnEvent(Reading reading) {
    var other = SchemaBuilder.record("test.Other").fields().requiredString("eventId").endRecord();
    var record = new GenericData.Record(other);
    record.put("eventId", "e1");

    assertThat(unreadable(reading, record))
        .isEqualTo(
            "the record is a test.Other, not a dev.sluice.avro.ProductEvent: name and namespace"
                + " must be the contract's");
  }

  @ParameterizedTest
  @EnumSource
  void shouldNotTakeARecordInAPayloadForAnotherOfItsShape(Reading reading) {
    var sources =
        ForeignWriter.changed(
            "\"name\":\"DataSource\"",
            "\"name\":\"Table\",\"namespace\":\"acme\"",
            "\"items\":\"DataSource\"",
            "\"items\":\"acme.Table\"");
    var policy =
        ForeignWriter.changed(
            "\"name\":\"SubjectMatterExpert\"",
            "\"name\":\"Person\"",
            "\"SubjectMatterExpert\"",
            "\"Person\"");

    assertThat(unreadable(reading, sources.record(Events.published("p1", "s1"), null)))
        .isEqualTo(
            "ProductPublished.dataSources has a acme.Table where the contract has a"
                + " dev.sluice.avro.DataSource: name and namespace must be the contract's");
    assertThat(unreadable(reading, policy.record(Events.published("p1", "s1"), null)))
        .startsWith("ProductPublished.subjectMatterExpert has a dev.sluice.avro.Person where");
  }

  @ParameterizedTest
  @EnumSource
  void shouldReadTheOtherPayloadsOfAProducerWithOneThatIsStrange(Reading reading)
      throws UnreadableEventException {
    var writer =
        ForeignWriter.changed(
            "\"name\":\"SubjectMatterExpert\"",
            "\"name\":\"Person\"",
            "\"SubjectMatterExpert\"",
            "\"Person\"");

    assertThat(read(reading, writer.record(Events.suspended("p1"), null)))
        .isEqualTo(Events.suspended("p1"));
  }

  @ParameterizedTest
  @CsvSource({
    "OWN, timestamp-micros",
    "GENERIC, timestamp-micros",
    "OWN, timestamp-nanos",
    "GENERIC, timestamp-nanos"
  })
  void shouldReadTimesInTheUnitThatTheProducerDeclares(Reading reading, String unit)
      throws UnreadableEventException {
    var writer = ForeignWriter.changed("timestamp-millis", unit);

    for (var payload : List.of(approved(END), determined(END), approved(null), determined(null))) {
      var event = new ProductEvent("e1", "p1", null, Events.NOON, "api", payload);
      assertThat(read(reading, writer.record(event, null))).isEqualTo(event);
    }
  }

  @ParameterizedTest
  @EnumSource
  void shouldTakeANumberWithoutUnitForMilliseconds(Reading reading)
      throws UnreadableEventException {
    var writer =
        ForeignWriter.changed(
            "{\"type\":\"long\",\"logicalType\":\"timestamp-millis\"}", "\"long\"");
    var event = new ProductEvent("e1", "p1", null, Events.NOON, "api", approved(END));

    assertThat(read(reading, writer.record(event, null))).isEqualTo(event);
  }

  @ParameterizedTest
  @CsvSource({
    "OWN, local-timestamp-millis",
    "GENERIC, local-timestamp-millis",
    "OWN, timestamp-seconds",
    "GENERIC, timestamp-seconds"
  })
  void shouldRejectATimeOfAnyOtherKind(Reading reading, String unit) {
    var writer = ForeignWriter.changed("timestamp-millis", unit);

    assertThat(unreadable(reading, writer.record(Events.suspended("p1"), null)))
        .isEqualTo(
            "occurredAt cannot be read: the producer's schema declares "
                + unit
                + ", which is not a point in time: write timestamp-millis");
  }

  @ParameterizedTest
  @CsvSource({
    "OWN, 1767614400, it looks like seconds, 1970-01-21T11:00:14.400Z",
    "GENERIC, 1767614400, it looks like seconds, 1970-01-21T11:00:14.400Z",
    "OWN, 1767614400000000, it looks like microseconds, +57983-06-22T00:00:00Z",
    "GENERIC, 1767614400000000, it looks like microseconds, +57983-06-22T00:00:00Z",
    "OWN, 1767614400000000000, it looks like nanoseconds, +56015440-07-03T00:00:00Z",
    "OWN, -1, times are from, 1969-12-31T23:59:59.999Z",
    "OWN, 946684799999, times are from, 1999-12-31T23:59:59.999Z",
    "OWN, 253402300800000, times are from, +10000-01-01T00:00:00Z",
    "OWN, 9223372036854775807, times are from, +292278994-08-17T07:12:55.807Z",
    "OWN, -9223372036854775808, times are from, -292275055-05-16T16:47:04.192Z",
  })
  void shouldRejectATimeThatNoEventHas(Reading reading, long number, String why, String as) {
    var writer = ForeignWriter.contract();
    var time = Instant.ofEpochMilli(number);
    var occurred = new ProductEvent("e1", "p1", null, time, "api", approved(null));
    var approved = new ProductEvent("e1", "p1", null, Events.NOON, "api", approved(time));
    var determined = new ProductEvent("e1", "p1", null, Events.NOON, "api", determined(time));

    assertThat(unreadable(reading, writer.record(occurred, null)))
        .startsWith("occurredAt is " + number + ", which as milliseconds is " + as + "; ")
        .contains("times are from the year 2000 to 9999")
        .contains(why);
    assertThat(unreadable(reading, writer.record(approved, null)))
        .startsWith("expiresAt is " + number + ", ")
        .contains(why);
    assertThat(unreadable(reading, writer.record(determined, null)))
        .startsWith("expiresAt is " + number + ", ");
  }

  @ParameterizedTest
  @CsvSource({"OWN, 946684800000", "OWN, 253402300799999", "GENERIC, 946684800000"})
  void shouldReadTheFirstAndTheLastTimeThatAnEventMayHave(Reading reading, long number)
      throws UnreadableEventException {
    var time = Instant.ofEpochMilli(number);
    var event = new ProductEvent("e1", "p1", null, time, "api", approved(time));

    assertThat(read(reading, ForeignWriter.contract().record(event, null))).isEqualTo(event);
  }

  @Test
  void shouldNotDieOfARecordThatIsNestedTooDeeply() {
    var writer =
        ForeignWriter.withPayload(
            "{'type':'record','name':'Deep','fields':[{'name':'reason','type':['null','Deep']}]}"
                .replace('\'', '"'));
    var none =
        new ProductEvent("e1", "p1", null, Events.NOON, "api", new Payload.ProductSuspended(null));
    var record = writer.record(none, null, "Deep");
    var innermost = (GenericRecord) record.get("payload");
    for (int depth = 0; depth < 100_000; depth++) {
      var next = new GenericData.Record(innermost.getSchema());
      innermost.put("reason", next);
      innermost = next;
    }

    try (var reader = new EventReader((topic, bytes) -> record, "t")) {
      assertThatExceptionOfType(UnreadableEventException.class)
          .isThrownBy(() -> reader.read(new RecordHeaders(), new byte[] {1}))
          .withMessage("the record is nested too deeply");
    }
  }

  /** Avro skips such a field, and the access would have no end. */
  @ParameterizedTest
  @EnumSource
  void shouldRejectAFieldThatTheContractDoesNotHave(Reading reading)
      throws UnreadableEventException {
    var end = ForeignWriter.changed("\"name\":\"expiresAt\"", "\"name\":\"expires_at\"");
    var approved = Events.event("p1", "ana", approved(null));
    assertThat(unreadable(reading, end.record(approved, null)))
        .isEqualTo("AccessApproved has the field expires_at, which the contract does not have");
    assertThat(read(reading, end.record(Events.suspended("p1"), null)))
        .isEqualTo(Events.suspended("p1"));

    var counter = ForeignWriter.changed("\"name\":\"sequence\"", "\"name\":\"seq\"");
    assertThat(unreadable(reading, counter.record(Events.suspended("p1"), null)))
        .isEqualTo("ProductEvent has the field seq, which the contract does not have");
  }

  @ParameterizedTest
  @EnumSource
  void shouldRejectAnEventWhoseTypeIsNotItsPayloads(Reading reading) {
    var writer = ForeignWriter.contract();
    for (var said : List.of("ProductResumed", "dev.sluice.avro.ProductSuspended", "")) {
      assertThat(unreadable(reading, writer.record(Events.suspended("p1"), said)))
          .isEqualTo("type says %s, the payload is a ProductSuspended".formatted(said));
    }
  }

  private static Payload approved(@Nullable Instant end) {
    return new Payload.AccessApproved("r1", "ana", "boss", end, null, end);
  }

  private static Payload determined(@Nullable Instant end) {
    return new Payload.DeterminationMade(
        "r1", "boss", Payload.Decision.APPROVE, null, end, null, null, end);
  }
}
