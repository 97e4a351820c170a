package dev.sluice.streams;

import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;

/** Read access to the stores of one task, by name. */
@FunctionalInterface
public interface ReadStores {

  /** Returns a store; its values have the stage's types. */
  ReadOnlyKeyValueStore<String, Object> get(String name);

  /** Returns a store with values of the type that the stage uses. */
  @SuppressWarnings("unchecked")
  default <V> ReadOnlyKeyValueStore<String, V> typed(String name) {
    return (ReadOnlyKeyValueStore<String, V>) (ReadOnlyKeyValueStore<String, ?>) get(name);
  }
}
