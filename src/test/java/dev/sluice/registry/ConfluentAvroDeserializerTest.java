package dev.sluice.registry;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.avro.AccessCommand;
import dev.sluice.avro.ProductEvent;
import dev.sluice.avro.StatusDataSource;
import dev.sluice.dev.registry.MockSchemaRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.kafka.common.errors.SerializationException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class ConfluentAvroDeserializerTest {
  private static final String SCOPE = "confluent-avro-deserializer-test";
  private static final String TOPIC = "product-events";

  private final MockSchemaRegistry registry = MockSchemaRegistry.of(SCOPE);
  private final ConfluentAvroSerializer serializer = new ConfluentAvroSerializer();
  private final ConfluentAvroDeserializer deserializer = deserializer(Map.of());

  ConfluentAvroDeserializerTest() {
    serializer.configure(Map.of("schema.registry.url", "mock://" + SCOPE), false);
  }

  @AfterEach
  void dropScope() {
    MockSchemaRegistry.drop(SCOPE);
  }

  @Test
  void shouldRoundTripGeneratedRecords() {
    for (ProductEvent event : new ProductEvent[] {Records.published(), Records.requested()}) {
      assertThat(deserializer.deserialize(TOPIC, write(TOPIC, event))).isEqualTo(event);
    }
    AccessCommand command = Records.command();
    assertThat(deserializer.deserialize("c", write("c", command))).isEqualTo(command);
  }

  @Test
  void shouldReadNullAsNull() {
    assertThat(deserializer.deserialize(TOPIC, null)).isNull();
  }

  @Test
  void shouldGiveGenericRecordsWhenAskedTo() {
    ConfluentAvroDeserializer generic = deserializer(Map.of("specific.avro.reader", "false"));
    byte[] payload = write(TOPIC, Records.published());

    assertThat(generic.deserialize(TOPIC, payload))
        .isInstanceOfSatisfying(
            GenericRecord.class,
            record -> assertThat(record.get("productId")).hasToString("orders"))
        .isNotInstanceOf(ProductEvent.class);
    assertThat(write(TOPIC, generic.deserialize(TOPIC, payload))).isEqualTo(payload);
  }

  @Test
  void shouldGiveGenericRecordsWhereNoGeneratedClassHasTheName() throws Exception {
    for (String name : new String[] {"test.Unknown", "java.lang.Thread"}) {
      Schema schema = SchemaBuilder.record(name).fields().requiredString("x").endRecord();
      byte[] payload =
          payload(registry.register(name, schema), encoder -> encoder.writeString("v"));

      assertThat(deserializer.deserialize(TOPIC, payload))
          .isInstanceOfSatisfying(
              GenericRecord.class, record -> assertThat(record.get("x")).hasToString("v"));
    }
  }

  @Test
  void shouldResolveAnotherVersionToTheGeneratedClass() throws Exception {
    Schema older =
        SchemaBuilder.record("dev.sluice.avro.StatusDataSource")
            .fields()
            .requiredString("gone")
            .requiredString("sourceType")
            .requiredString("sourceId")
            .endRecord();
    byte[] payload =
        payload(
            registry.register("older", older),
            encoder -> {
              encoder.writeString("g");
              encoder.writeString("type");
              encoder.writeString("id");
            });

    assertThat(deserializer.deserialize(TOPIC, payload))
        .isEqualTo(new StatusDataSource("id", "type"));
  }

  @Test
  void shouldRejectAVersionThatTheGeneratedClassCannotRead() throws Exception {
    Schema other =
        SchemaBuilder.record("dev.sluice.avro.StatusDataSource")
            .fields()
            .requiredString("sourceId")
            .endRecord();
    byte[] payload =
        payload(registry.register("other", other), encoder -> encoder.writeString("id"));

    assertThatExceptionOfType(SerializationException.class)
        .isThrownBy(() -> deserializer.deserialize(TOPIC, payload))
        .withMessageContaining("sourceType");
  }

  @Test
  void shouldPassOnThatTheRegistryIsUnavailable() {
    byte[] payload = write(TOPIC, Records.published());
    try (ScriptedServer server = new ScriptedServer(500, "");
        ConfluentAvroDeserializer deserializer =
            deserializer(Map.of("schema.registry.url", server.url()))) {
      assertThatExceptionOfType(RegistryUnavailableException.class)
          .isThrownBy(() -> deserializer.deserialize(TOPIC, payload));
    }
  }

  @Test
  void shouldAskEachTimeForAnIdThatIsUnknown() {
    try (ScriptedServer server =
            new ScriptedServer(404, "{\"error_code\":40403,\"message\":\"Schema not found\"}");
        ConfluentAvroDeserializer deserializer =
            deserializer(Map.of("schema.registry.url", server.url()))) {
      for (int i = 0; i < 5; i++) {
        assertThatExceptionOfType(SchemaNotFoundException.class)
            .isThrownBy(() -> deserializer.deserialize(TOPIC, new byte[] {0, 0, 0, 0, 7, 0}));
      }
      assertThat(server.seen()).hasSize(5);
    }
  }

  private interface Writing {
    void to(BinaryEncoder encoder) throws IOException;
  }

  private static byte[] payload(int id, Writing writing) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(ByteBuffer.allocate(5).put((byte) 0).putInt(id).array());
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
    writing.to(encoder);
    encoder.flush();
    return out.toByteArray();
  }

  private byte[] write(String topic, @Nullable Object record) {
    return requireNonNull(serializer.serialize(topic, record));
  }

  private static ConfluentAvroDeserializer deserializer(Map<String, ?> configs) {
    Map<String, Object> all = new HashMap<>(Map.of("schema.registry.url", "mock://" + SCOPE));
    all.putAll(configs);
    ConfluentAvroDeserializer deserializer = new ConfluentAvroDeserializer();
    deserializer.configure(all, false);
    return deserializer;
  }
}
