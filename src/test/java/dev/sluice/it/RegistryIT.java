package dev.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.avro.AccessCommand;
import dev.sluice.avro.ProductStatus;
import dev.sluice.config.SluiceConfig;
import dev.sluice.operator.OperatorException;
import dev.sluice.registry.IncompatibleSchemaException;
import dev.sluice.registry.SchemaNotFoundException;
import dev.sluice.registry.SchemaRegistries;
import dev.sluice.registry.SchemaRegistry;
import dev.sluice.startup.RegistrySetup;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Sluice's client and set-up with a real registry. */
class RegistryIT {
  private static final Schema FOREIGN =
      SchemaBuilder.record("other.Thing").fields().requiredString("a").endRecord();

  private static String url;
  private static SchemaRegistry registry;

  @BeforeAll
  static void connect() {
    url = ApicurioRegistry.shared().url();
    registry = SchemaRegistries.from(Map.of("schema.registry.url", url));
  }

  @AfterAll
  static void disconnect() {
    if (registry != null) {
      registry.close();
    }
  }

  @Test
  void shouldGiveIdsToSchemasAndSchemasToIds() {
    var schema = AccessCommand.getClassSchema();

    var id = registry.register("client a/b-value", schema);

    assertThat(registry.idOf("client a/b-value", schema)).isEqualTo(id);
    assertThat(registry.byId(id)).isEqualTo(schema);
    assertThat(registry.latest("client a/b-value").id()).isEqualTo(id);
  }

  @Test
  void shouldReportUnknownIds() {
    assertThatExceptionOfType(SchemaNotFoundException.class)
        .isThrownBy(() -> registry.byId(987_654_321));
    assertThatExceptionOfType(SchemaNotFoundException.class)
        .isThrownBy(() -> registry.latest("client-unknown-value"));
    registry.register("client-known-value", FOREIGN);
    assertThatExceptionOfType(SchemaNotFoundException.class)
        .isThrownBy(() -> registry.idOf("client-known-value", ProductStatus.getClassSchema()));
  }

  @Test
  void shouldSetTheLevelOfEveryOutputSubject() {
    var config = config("setup.");

    assertThat(RegistrySetup.ensure(config).done()).hasSize(3);
    assertThat(RegistrySetup.ensure(config).done()).isEmpty();

    assertThatExceptionOfType(IncompatibleSchemaException.class)
        .isThrownBy(() -> registry.register("setup.product-status-value", FOREIGN))
        .withMessageContaining("other.Thing under subject setup.product-status-value")
        .withMessageContaining("Incompatible artifact")
        .withMessageContaining("remove those that are not Sluice's");
  }

  @Test
  void shouldRefuseToStartWithForeignSchemas() {
    registry.register("foreign.product-status-value", FOREIGN);

    assertThatThrownBy(() -> RegistrySetup.ensure(config("foreign.")))
        .isInstanceOf(OperatorException.class)
        .hasMessageContaining("under subject foreign.product-status-value");
  }

  private static SluiceConfig config(String prefix) {
    return SluiceConfig.of(Map.of("schema.registry.url", url, "topic.prefix", prefix));
  }
}
