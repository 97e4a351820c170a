package dev.sluice.streams;

import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.streams.errors.StreamsException;
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
 * committed. Streams may run the work for a task that has failed, too, in a transaction that it
 * then aborts; so the work must do nothing that an abort does not undo.
 *
 * <p>Kafka Streams offers this to its own record caches alone, so this class, and no other, uses
 * its internal interfaces. Streams flushes stores one after the other, so the work must not write
 * to a store that has a record cache.
 */
public final class CommitHook implements StateStore, CachedStateStore<Object, Object> {
  private static final String NAME_END = "-commit";

  private final String name;
  private @Nullable Runnable work;
  private boolean held;
  private boolean open;

  private CommitHook(String name) {
    this.name = name;
  }

  /**
   * Returns a builder of the hook. It has no changelog, since it has no content.
   *
   * @param name ends in "-commit"
   */
  public static StoreBuilder<CommitHook> builder(String name) {
    if (!isHook(name)) {
      throw new IllegalArgumentException(name + " does not end in " + NAME_END);
    }
    return new AbstractStoreBuilder<Object, Object, CommitHook>(name, null, null, Time.SYSTEM) {
      @Override
      public CommitHook build() {
        return new CommitHook(name);
      }
    }.withLoggingDisabled();
  }

  /** Returns whether a store is a hook, by its name: a topology does not tell otherwise. */
  public static boolean isHook(String storeName) {
    return storeName.endsWith(NAME_END);
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

  /**
   * Runs the work.
   *
   * @throws StreamsException if the work fails; Streams would take another exception for a fault of
   *     the disk
   */
  @Override
  public void flushCache() {
    if (work == null || held) {
      return;
    }
    try {
      work.run();
    } catch (KafkaException e) {
      throw e;
    } catch (RuntimeException e) {
      throw new StreamsException("the work before a commit failed: " + e.getMessage(), e);
    }
  }

  /** Drops the work of a task that becomes a standby: it would keep the task's caches in memory. */
  @Override
  public void clearCache() {
    work = null;
  }

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
