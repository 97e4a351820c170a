package dev.sluice.registry;

/**
 * The registries inside the process that a URL {@code mock://scope} names. The worker's jar has
 * none: a provider, found by {@link java.util.ServiceLoader}, is for development and tests.
 */
public interface InProcessRegistries {

  /** Returns the scope's registry, which is empty where the scope is new. */
  SchemaRegistry of(String scope);
}
