package dev.sluice.streams;

import org.apache.kafka.common.utils.Time;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.internals.InternalProcessorContext;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.internals.AbstractStoreBuilder;
import org.apache.kafka.streams.state.internals.CacheFlushListener;
import org.apache.kafka.streams.state.internals.CachedStateStore;
import org.jspecify.annotations.Nullable;

/**
 * A state store without content, by which a processor runs work of its own before each commit: it
 * may write to stores and forward records, which then belong to the transaction that is about to be
 * committed. An aborted transaction runs no work.
 *
 * <p>Kafka Streams offers this to its own record caches alone, so this class, and no other, uses
 * its internal interfaces. Streams flushes stores one after the other, so the work must not write
 * to a store that has a record cache.
 */
public final class CommitHook implements StateStore, CachedStateStore<Object, Object> {
  private final String name;
  private @Nullable Runnable work;
  private boolean held;
  private boolean open;

  private CommitHook(String name) {
    this.name = name;
  }

  /** Returns a builder of the hook. It has no changelog, since it has no content. */
  public static StoreBuilder<CommitHook> builder(String name) {
    return new AbstractStoreBuilder<Object, Object, CommitHook>(name, null, null, Time.SYSTEM) {
      @Override
      public CommitHook build() {
        return new CommitHook(name);
      }
    }.withLoggingDisabled();
  }

  /**
   * Sets the work to be done before each commit. Called by a processor's init.
   *
   * @param context the processor's context, in whose name the work forwards records
   */
  public void set(ProcessorContext<?, ?> context, Runnable newWork) {
    var internal = (InternalProcessorContext<?, ?>) context;
    var node = internal.currentNode();
    work =
        () -> {
          var before = internal.currentNode();
          internal.setCurrentNode(node);
          try {
            newWork.run();
          } finally {
            internal.setCurrentNode(before);
          }
        };
  }

  /**
   * Suspends the work at commits, or ends that. The test driver commits after every record; a test
   * of several records in one commit suspends the work meanwhile.
   */
  public void hold(boolean hold) {
    held = hold;
  }

  @Override
  public void flushCache() {
    if (work != null && !held) {
      work.run();
    }
  }

  @Override
  public void clearCache() {}

  @Override
  public boolean setFlushListener(
      CacheFlushListener<Object, Object> listener, boolean sendOldValues) {
    return false;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void init(StateStoreContext context, StateStore root) {
    context.register(root, (key, value) -> {});
    open = true;
  }

  @Override
  public void close() {
    open = false;
  }

  @Override
  public boolean persistent() {
    return false;
  }

  @Override
  public boolean isOpen() {
    return open;
  }
}
