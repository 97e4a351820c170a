package dev.sluice.topology;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Serializer;

/**
 * A serializer that delegates to one instance per thread. A sink's serializer is shared by all
 * threads of a topology, and not every serializer is thread-safe.
 */
public final class PerThreadSerializer implements Serializer<Object> {
  private final Queue<Serializer<Object>> made = new ConcurrentLinkedQueue<>();
  private final ThreadLocal<Serializer<Object>> own;

  public PerThreadSerializer(Supplier<Serializer<Object>> maker) {
    own =
        ThreadLocal.withInitial(
            () -> {
              var serializer = maker.get();
              made.add(serializer);
              return serializer;
            });
  }

  @Override
  public byte[] serialize(String topic, Object value) {
    return own.get().serialize(topic, value);
  }

  @Override
  public byte[] serialize(String topic, Headers headers, Object value) {
    return own.get().serialize(topic, headers, value);
  }

  /**
   * Closes all instances; called by the owner when all threads have ended. A topology closes its
   * sinks one task at a time.
   */
  public void closeAll() {
    made.forEach(Serializer::close);
    made.clear();
  }

  @Override
  public void close() {
    // other tasks may still need it
  }
}
