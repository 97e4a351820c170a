package dev.sluice.dev.registry;

import dev.sluice.registry.RegisteredSchema;
import dev.sluice.registry.SchemaRegistry;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.apache.avro.Schema;

/**
 * A registry inside the process, shared by all users of its scope ({@code mock://scope}). Keeps
 * each subject's schemas able to read each other, like Confluent's FULL_TRANSITIVE.
 */
public final class MockSchemaRegistry implements SchemaRegistry {
  private static final ConcurrentMap<String, MockSchemaRegistry> SCOPES = new ConcurrentHashMap<>();

  private final SubjectStore store = new SubjectStore();

  private MockSchemaRegistry() {}

  /** Returns the scope's registry; empty for a new scope. */
  public static MockSchemaRegistry of(String scope) {
    return SCOPES.computeIfAbsent(scope, unused -> new MockSchemaRegistry());
  }

  /** Removes the scope: its next use creates an empty registry. */
  public static void drop(String scope) {
    SCOPES.remove(scope);
  }

  @Override
  public int register(String subject, Schema schema) {
    return store.register(subject, schema).id();
  }

  @Override
  public int idOf(String subject, Schema schema) {
    return store.find(subject, schema).id();
  }

  @Override
  public Schema byId(int id) {
    return store.byId(id);
  }

  @Override
  public RegisteredSchema latest(String subject) {
    return store.latest(subject);
  }

  @Override
  public boolean setCompatibility(String subject, String level) {
    SubjectStore.requireLevel(level);
    return false;
  }

  @Override
  public boolean takes(String subject, Schema schema) {
    return store.takes(subject, schema);
  }

  /** Does nothing: the scope lives until it is dropped. */
  @Override
  public void close() {}
}
