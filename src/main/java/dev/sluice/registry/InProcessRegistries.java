package dev.sluice.registry;

/**
 * Provider of registries inside the process, which a URL {@code mock://scope} names. The worker's
 * jar has none: the provider, found by {@link java.util.ServiceLoader}, is for development and
 * tests.
 */
public interface InProcessRegistries {

  /** Returns the scope's registry, which is empty if the scope is new. */
  SchemaRegistry of(String scope);
}
