package dev.sluice.dev.registry;

import dev.sluice.registry.InProcessRegistries;
import dev.sluice.registry.SchemaRegistry;

/** Provides each {@link MockSchemaRegistry} to the serializers. */
public final class MockRegistries implements InProcessRegistries {

  @Override
  public SchemaRegistry of(String scope) {
    return MockSchemaRegistry.of(scope);
  }
}
