package dev.sluice.topology;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Serializer;

/**
 * One serializer for each thread behind one face: a sink's serializer is shared by all threads of a
 * topology, and not every serializer can be.
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

  /** For the owner, when all threads are done; a topology closes its sinks one task at a time. */
  public void closeAll() {
    made.forEach(Serializer::close);
    made.clear();
  }

  @Override
  public void close() {
    // Other tasks may still need it.
  }
}
