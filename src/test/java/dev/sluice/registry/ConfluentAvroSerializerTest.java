package dev.sluice.registry;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.avro.AccessCommand;
import dev.sluice.dev.registry.MockSchemaRegistry;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.SerializationException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ConfluentAvroSerializerTest {
  private static final String SCOPE = "confluent-avro-serializer-test";
  private static final Schema ONE = SchemaBuilder.record("A").fields().requiredInt("x").endRecord();
  private static final Schema TWO =
      SchemaBuilder.record("A").fields().optionalString("y").requiredInt("x").endRecord();

  private final MockSchemaRegistry registry = MockSchemaRegistry.of(SCOPE);

  @AfterEach
  void dropScope() {
    MockSchemaRegistry.drop(SCOPE);
  }

  @Test
  void shouldWriteConfluentsWireFormat() {
    registry.register("other", ONE);
    GenericRecord record = new GenericData.Record(ONE);
    record.put("x", 2);
    Schema second = SchemaBuilder.record("B").fields().requiredInt("x").endRecord();
    GenericRecord other = new GenericData.Record(second);
    other.put("x", -1);

    assertThat(serializer(Map.of()).serialize("t", record))
        .isEqualTo(new byte[] {0, 0, 0, 0, 1, 4});
    assertThat(serializer(Map.of()).serialize("u", other)).isEqualTo(new byte[] {0, 0, 0, 0, 2, 1});
  }

  @Test
  void shouldWriteNullAsNull() {
    assertThat(serializer(Map.of()).serialize("t", null)).isNull();
  }

  @Test
  void shouldRejectWhatIsNoAvroRecord() {
    assertThatExceptionOfType(SerializationException.class)
        .isThrownBy(() -> serializer(Map.of()).serialize("t", "text"))
        .withMessageContaining("java.lang.String");
  }

  @Test
  void shouldRegisterTheSchemaOfTheContractFile() throws Exception {
    serializer(Map.of()).serialize("access-commands", Records.command());

    Schema contract = new Schema.Parser().parse(Path.of("avro", "AccessCommand.avsc").toFile());
    assertThat(registry.latest("access-commands-value").schema()).isEqualTo(contract);
  }

  @Test
  void shouldNotRegisterUnlessAllowed() {
    ConfluentAvroSerializer serializer = serializer(Map.of("auto.register.schemas", false));
    assertThatExceptionOfType(SchemaNotFoundException.class)
        .isThrownBy(() -> serializer.serialize("access-commands", Records.command()))
        .withMessageContaining("access-commands-value");

    // As Confluent's serializer would have registered it.
    int id = registry.register("access-commands-value", AccessCommand.getClassSchema());
    assertThat(idIn(serializer.serialize("access-commands", Records.command()))).isEqualTo(id);
  }

  @Test
  void shouldWriteOnAfterARecordThatDoesNotMatchItsSchema() {
    ConfluentAvroSerializer serializer = serializer(Map.of());
    GenericRecord bad = new GenericData.Record(TWO);
    bad.put("y", "begun");
    GenericRecord good = new GenericData.Record(TWO);
    good.put("x", 2);

    assertThatExceptionOfType(SerializationException.class)
        .isThrownBy(() -> serializer.serialize("t", bad))
        .withMessageContaining("topic t");
    assertThat(serializer.serialize("t", good)).isEqualTo(new byte[] {0, 0, 0, 0, 1, 0, 4});
  }

  @Test
  void shouldPassOnThatTheRegistryIsUnavailable() {
    try (ScriptedServer server = new ScriptedServer(503, "");
        ConfluentAvroSerializer serializer =
            serializer(Map.of("schema.registry.url", server.url()))) {
      assertThatExceptionOfType(RegistryUnavailableException.class)
          .isThrownBy(() -> serializer.serialize("t", Records.command()));
      server.answer(200, "{\"id\":70000}");
      assertThat(idIn(serializer.serialize("t", Records.command()))).isEqualTo(70000);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "TopicNameStrategy, t-value, t-key",
    "RecordNameStrategy, dev.sluice.avro.AccessCommand, dev.sluice.avro.AccessCommand",
    "io.confluent.kafka.serializers.subject.TopicRecordNameStrategy,"
        + " t-dev.sluice.avro.AccessCommand, t-dev.sluice.avro.AccessCommand",
  })
  void shouldNameTheSubjectByItsStrategy(String strategy, String valueSubject, String keySubject) {
    Map<String, String> configs =
        Map.of(
            "schema.registry.url", "mock://" + SCOPE,
            "value.subject.name.strategy", strategy,
            "key.subject.name.strategy", strategy);
    try (ConfluentAvroSerializer value = new ConfluentAvroSerializer();
        ConfluentAvroSerializer key = new ConfluentAvroSerializer()) {
      value.configure(configs, false);
      value.serialize("t", Records.command());
      assertThat(registry.latest(valueSubject).version()).isEqualTo(1);
      key.configure(configs, true);
      key.serialize("t", Records.command());
      assertThat(registry.latest(keySubject).version()).isEqualTo(1);
    }
  }

  @Test
  void shouldRejectAnUnknownStrategyAndListTheKnown() {
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> serializer(Map.of("value.subject.name.strategy", "Mine")))
        .withMessageContaining("value.subject.name.strategy")
        .withMessageContaining("TopicNameStrategy, RecordNameStrategy, TopicRecordNameStrategy");
  }

  @Test
  void shouldConvertToTheLatestVersion() {
    registry.register("t-value", ONE);
    int latest = registry.register("t-value", TWO);
    GenericRecord record = new GenericData.Record(ONE);
    record.put("x", 2);

    byte[] payload = serializer(Map.of("use.latest.version", "true")).serialize("t", record);

    assertThat(idIn(payload)).isEqualTo(latest);
    assertThat(payload).endsWith(0, 4).hasSize(7);
  }

  @Test
  void shouldWriteGeneratedRecordsAsTheyAreWhenTheirSchemaIsTheLatest() {
    int id = registry.register("t-value", AccessCommand.getClassSchema());
    byte[] latest =
        serializer(Map.of("use.latest.version", true)).serialize("t", Records.command());

    assertThat(idIn(latest)).isEqualTo(id);
    MockSchemaRegistry.drop(SCOPE);
    assertThat(latest).isEqualTo(serializer(Map.of()).serialize("t", Records.command()));
  }

  @Test
  void shouldRefuseToConvertToALatestVersionThatCannotHoldTheRecord() {
    Schema strict =
        SchemaBuilder.record("A").fields().requiredInt("x").requiredString("z").endRecord();
    registry.register("t-value", strict);
    GenericRecord record = new GenericData.Record(ONE);
    record.put("x", 2);

    assertThatExceptionOfType(IncompatibleSchemaException.class)
        .isThrownBy(() -> serializer(Map.of("use.latest.version", true)).serialize("t", record))
        .withMessageContaining("t-value")
        .withMessageContaining("z");
  }

  @Test
  void shouldAskOnceForALatestVersionThatIsMissing() {
    try (ScriptedServer server =
            new ScriptedServer(404, "{\"error_code\":40401,\"message\":\"no subject\"}");
        ConfluentAvroSerializer serializer =
            serializer(Map.of("schema.registry.url", server.url(), "use.latest.version", true))) {
      for (int i = 0; i < 5; i++) {
        assertThatExceptionOfType(SchemaNotFoundException.class)
            .isThrownBy(() -> serializer.serialize("t", Records.command()));
      }
      assertThat(server.seen()).hasSize(1);
    }
  }

  private static int idIn(byte @Nullable [] payload) {
    return ByteBuffer.wrap(requireNonNull(payload)).getInt(1);
  }

  private static ConfluentAvroSerializer serializer(Map<String, ?> configs) {
    Map<String, Object> all = new HashMap<>(Map.of("schema.registry.url", "mock://" + SCOPE));
    all.putAll(configs);
    ConfluentAvroSerializer serializer = new ConfluentAvroSerializer();
    serializer.configure(all, false);
    return serializer;
  }
}
