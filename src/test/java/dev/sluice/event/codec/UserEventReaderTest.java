package dev.sluice.event.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.event.Events;
import dev.sluice.event.UserEvent;
import dev.sluice.event.codec.EventReader.UnreadableEventException;
import dev.sluice.user.UserEvents;
import java.util.ArrayList;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Events about users are read as strictly as events about products. */
class UserEventReaderTest {
  private static final Schema CONTRACT = dev.sluice.avro.UserEvent.getClassSchema();

  /** Reads a record as a deserializer with its writer's schema gives it. */
  private static UserEvent read(Object record) throws UnreadableEventException {
    try (var reader = new UserEventReader((topic, bytes) -> record, "user-events")) {
      return reader.read(new RecordHeaders(), new byte[0]);
    }
  }

  private static GenericRecord deactivated(Schema payload) {
    var fields = new ArrayList<Schema.Field>();
    for (var field : CONTRACT.getFields()) {
      fields.add(
          new Schema.Field(
              field,
              field.name().equals("payload") ? Schema.createUnion(payload) : field.schema()));
    }
    var schema = Schema.createRecord("UserEvent", null, "dev.sluice.avro", false, fields);
    var record = new GenericData.Record(schema);
    record.put("eventId", "e1");
    record.put("userId", "ana");
    record.put("occurredAt", Events.NOON.toEpochMilli());
    record.put("actor", Events.ACTOR);
    record.put("payload", new GenericData.Record(payload));
    return record;
  }

  private static SchemaBuilder.FieldAssembler<Schema> payload(String namespace, String name) {
    return SchemaBuilder.record(name).namespace(namespace).fields().optionalString("reason");
  }

  @Test
  void shouldReadTheContractsRecordAndAnyThatIsWrittenLikeIt() throws UnreadableEventException {
    var event = UserEvents.sequenced(3, UserEvents.deactivated("ana", "left"));

    assertThat(read(EventAvro.toAvro(event))).isEqualTo(event);
    var generic = read(deactivated(payload("dev.sluice.avro", "UserDeactivated").endRecord()));
    assertThat(generic.type()).isEqualTo("UserDeactivated");
    assertThat(generic.userId()).isEqualTo("ana");
    assertThat(generic.occurredAt()).isEqualTo(Events.NOON);
  }

  /** Each has the shape of a UserDeactivated. */
  @ParameterizedTest
  @ValueSource(strings = {"dev.sluice.avro UserArchived", "com.example UserDeactivated"})
  void shouldTakeNoPayloadOfAnotherNameForOneOfTheSameShape(String name) {
    var words = name.split(" ");
    var record = deactivated(payload(words[0], words[1]).endRecord());

    assertThatExceptionOfType(UnreadableEventException.class)
        .isThrownBy(() -> read(record))
        .satisfies(e -> assertThat(e.eventId()).isEqualTo("e1"))
        .withMessageContaining(words[0] + "." + words[1]);
  }

  @Test
  void shouldRefuseAFieldThatTheContractDoesNotHave() {
    var record =
        deactivated(
            payload("dev.sluice.avro", "UserDeactivated").optionalLong("until").endRecord());

    assertThatExceptionOfType(UnreadableEventException.class)
        .isThrownBy(() -> read(record))
        .withMessageContaining("until");
  }

  @Test
  void shouldRefuseAnEventAboutAProduct() {
    assertThatExceptionOfType(UnreadableEventException.class)
        .isThrownBy(() -> read(EventAvro.toAvro(Events.suspended("p1"))))
        .withMessageContaining("not a UserEvent")
        .satisfies(e -> assertThat(e.remedy()).contains("avro/UserEvent.avsc"));
  }

  @Test
  void shouldRefuseATypeThatIsNotThePayloads() {
    var record = EventAvro.toAvro(UserEvents.deactivated("ana"));
    record.put(CONTRACT.getField("type").pos(), "UserReactivated");

    assertThatExceptionOfType(UnreadableEventException.class)
        .isThrownBy(() -> read(record))
        .withMessageContaining("type says UserReactivated");
  }
}
