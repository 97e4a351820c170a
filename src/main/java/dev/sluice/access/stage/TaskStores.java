package dev.sluice.access.stage;

import dev.sluice.streams.ReadStores;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.state.KeyValueStore;

/** The stores of one task, by name. */
interface TaskStores {

  <V> KeyValueStore<String, V> get(String name);

  /** Returns the stores of a running task. */
  static TaskStores of(ProcessorContext<?, ?> context) {
    return new TaskStores() {
      @Override
      public <V> KeyValueStore<String, V> get(String name) {
        return AccessStores.of(context, name);
      }
    };
  }

  /**
   * Returns a view of another task's stores: writes stay in memory, are visible here, and never
   * reach the task.
   */
  static TaskStores above(ReadStores read) {
    return new TaskStores() {
      @Override
      public <V> KeyValueStore<String, V> get(String name) {
        return new OverlayStore<>(name, read.typed(name));
      }
    };
  }
}
