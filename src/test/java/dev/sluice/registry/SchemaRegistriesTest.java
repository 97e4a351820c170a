package dev.sluice.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.Test;

class SchemaRegistriesTest {

  @Test
  void shouldRefuseARegistryForDevelopmentWhereThereIsNone() {
    var config = new RegistryConfig(Map.of("schema.registry.url", "mock://scope"));

    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> SchemaRegistries.from(config, Optional.empty()))
        .withMessageContaining("schema.registry.url: mock:// is for development")
        .withMessageContaining("give the registry's base URL");
  }

  @Test
  void shouldNeedNoProviderForARegistryBehindHttp() {
    var config = new RegistryConfig(Map.of("schema.registry.url", "http://localhost:1"));

    try (var registry = SchemaRegistries.from(config, Optional.empty())) {
      assertThat(registry).isInstanceOf(HttpSchemaRegistry.class);
    }
  }
}
