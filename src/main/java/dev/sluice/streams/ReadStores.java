package dev.sluice.streams;

import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;

/** The stores of one task for those who only read, by name. */
@FunctionalInterface
public interface ReadStores {

  /** A store; its values are what the stage puts there. */
  ReadOnlyKeyValueStore<String, Object> get(String name);

  /** The same, with values of the type that the stage knows. */
  @SuppressWarnings("unchecked")
  default <V> ReadOnlyKeyValueStore<String, V> typed(String name) {
    return (ReadOnlyKeyValueStore<String, V>) (ReadOnlyKeyValueStore<String, ?>) get(name);
  }
}
