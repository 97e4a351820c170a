package dev.sluice.registry;

import java.util.Map;
import org.apache.avro.Schema;
import org.apache.kafka.common.config.ConfigException;

/** Checks in a registry whether values can be written to a topic. Registers nothing. */
public final class SubjectCheck implements AutoCloseable {

  /** State of a schema in a subject. */
  public enum State {
    /** The required schema is registered. */
    THERE,
    /** The schema is not registered; the first write would register it. */
    REGISTRABLE,
    /** The schema is not registered, and the worker may not register it. */
    MISSING,
    /** The schema is incompatible with the subject's schemas. */
    INCOMPATIBLE
  }

  /** A subject and the state of a schema in it. */
  public record Seen(String subject, State state) {}

  private final SchemaRegistry registry;
  private final SubjectNameStrategy strategy;
  private final boolean autoRegister;
  private final boolean useLatest;

  /**
   * Creates a check that works as a serializer of values.
   *
   * @param configs {@link RegistryConfig}'s keys
   * @throws ConfigException if the configuration is not usable
   */
  public SubjectCheck(Map<String, ?> configs) {
    var config = new RegistryConfig(configs);
    strategy = config.subjectNameStrategy(false);
    autoRegister = config.getBoolean(RegistryConfig.AUTO_REGISTER);
    useLatest = config.getBoolean(RegistryConfig.USE_LATEST);
    registry = SchemaRegistries.from(config);
  }

  /**
   * Checks the subject of a topic's values.
   *
   * @throws RegistryUnavailableException if no registry gave a usable answer
   */
  public Seen of(String topic, Schema schema) {
    var subject = strategy.subject(topic, false, schema);
    return new Seen(subject, useLatest ? newest(subject, schema) : own(subject, schema));
  }

  private State newest(String subject, Schema schema) {
    try {
      return AvroSchemas.whyUnreadable(registry.latest(subject).schema(), schema) == null
          ? State.THERE
          : State.INCOMPATIBLE;
    } catch (SchemaNotFoundException e) {
      return State.MISSING;
    }
  }

  private State own(String subject, Schema schema) {
    var portable = AvroSchemas.portable(schema);
    if (isThere(subject, portable) || (!autoRegister && isThere(subject, schema))) {
      return State.THERE;
    }
    if (!autoRegister) {
      return State.MISSING;
    }
    return registry.takes(subject, portable) ? State.REGISTRABLE : State.INCOMPATIBLE;
  }

  private boolean isThere(String subject, Schema schema) {
    try {
      registry.idOf(subject, schema);
      return true;
    } catch (SchemaNotFoundException e) {
      return false;
    }
  }

  @Override
  public void close() {
    registry.close();
  }
}
