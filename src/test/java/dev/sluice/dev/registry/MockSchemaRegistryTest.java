package dev.sluice.dev.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.registry.IncompatibleSchemaException;
import dev.sluice.registry.RegisteredSchema;
import dev.sluice.registry.SchemaNotFoundException;
import dev.sluice.registry.SchemaRegistries;
import dev.sluice.registry.SchemaRegistry;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class MockSchemaRegistryTest {
  private static final String SCOPE = "mock-schema-registry-test";
  private static final Schema ONE = SchemaBuilder.record("A").fields().requiredInt("x").endRecord();
  private static final Schema TWO =
      SchemaBuilder.record("A").fields().requiredInt("x").optionalString("y").endRecord();

  private final MockSchemaRegistry registry = MockSchemaRegistry.of(SCOPE);

  @AfterEach
  void dropScope() {
    MockSchemaRegistry.drop(SCOPE);
  }

  @Test
  void shouldGiveADistinctSchemaOneIdUnderAllSubjects() {
    assertThat(registry.register("a", ONE)).isEqualTo(1);
    assertThat(registry.register("a", TWO)).isEqualTo(2);
    assertThat(registry.register("b", TWO)).isEqualTo(2);
    assertThat(registry.register("a", ONE)).isEqualTo(1);
    assertThat(registry.latest("a")).isEqualTo(new RegisteredSchema(2, 2, TWO));
    assertThat(registry.latest("b")).isEqualTo(new RegisteredSchema(2, 1, TWO));
  }

  @Test
  void shouldShareAScopeUntilItIsDropped() {
    registry.register("a", ONE);
    try (SchemaRegistry other =
        SchemaRegistries.from(Map.of("schema.registry.url", "mock://" + SCOPE))) {
      assertThat(other.byId(1)).isEqualTo(ONE);
    }
    MockSchemaRegistry.drop(SCOPE);

    assertThatExceptionOfType(SchemaNotFoundException.class)
        .isThrownBy(() -> MockSchemaRegistry.of(SCOPE).byId(1));
  }

  @Test
  void shouldSayWhatItDoesNotHold() {
    assertThatExceptionOfType(SchemaNotFoundException.class)
        .isThrownBy(() -> registry.latest("a"))
        .withMessageContaining("no subject a");
    registry.register("a", ONE);
    assertThatExceptionOfType(SchemaNotFoundException.class)
        .isThrownBy(() -> registry.idOf("a", TWO))
        .withMessageContaining("Subject a does not have");
    assertThatExceptionOfType(SchemaNotFoundException.class)
        .isThrownBy(() -> registry.byId(2))
        .withMessageContaining("id 2");
  }

  @Test
  void shouldRefuseInWordsASchemaThatAnEarlierVersionCannotRead() {
    registry.register("a", ONE);
    registry.register("a", TWO);
    Schema dropped = SchemaBuilder.record("A").fields().optionalString("y").endRecord();

    assertThatExceptionOfType(IncompatibleSchemaException.class)
        .isThrownBy(() -> registry.register("a", dropped))
        .withMessageContaining("Subject a")
        .withMessageContaining("version 2 cannot read data of the new schema")
        .withMessageContaining("x");
    assertThat(registry.latest("a").version()).isEqualTo(2);
  }

  @Test
  void shouldRefuseInWordsASchemaThatCannotReadAnEarlierVersion() {
    registry.register("a", ONE);
    Schema widened =
        SchemaBuilder.record("A").fields().requiredInt("x").requiredString("z").endRecord();

    assertThatExceptionOfType(IncompatibleSchemaException.class)
        .isThrownBy(() -> registry.register("a", widened))
        .withMessageContaining("the new schema cannot read data of version 1")
        .withMessageContaining("z");
  }

  @Test
  void shouldGiveEachSchemaOneIdWhenThreadsRegisterAtOnce() {
    List<Schema> schemas =
        IntStream.range(0, 50)
            .mapToObj(i -> SchemaBuilder.record("R" + i % 10).fields().endRecord())
            .toList();
    Set<Integer> ids = ConcurrentHashMap.newKeySet();
    schemas.parallelStream()
        .forEach(schema -> ids.add(registry.register(schema.getName(), schema)));

    assertThat(ids).containsExactlyInAnyOrder(1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
  }

  @ParameterizedTest
  @ValueSource(strings = {"mock://a,http://host:8081", "mock://a,mock://b", "mock://", "", " , "})
  void shouldRejectUrlsThatNameNoOneRegistry(String urls) {
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> SchemaRegistries.from(Map.of("schema.registry.url", urls)))
        .withMessageContaining("schema.registry.url");
  }
}
