package dev.sluice.registry;

import java.util.Map;
import org.apache.avro.Schema;
import org.apache.kafka.common.config.ConfigException;

/** Asks a registry whether values could be written to a topic. Registers nothing. */
public final class SubjectCheck implements AutoCloseable {

  /** How it stands with a schema. */
  public enum State {
    /** What is written with is there. */
    THERE,
    /** It is not, and would be registered by the first write. */
    REGISTRABLE,
    /** It is not, and somebody else must register it. */
    MISSING,
    /** The subject holds schemas that it does not go with. */
    INCOMPATIBLE
  }

  /** A subject and how it stands with it. */
  public record Seen(String subject, State state) {}

  private final SchemaRegistry registry;
  private final SubjectNameStrategy strategy;
  private final boolean autoRegister;
  private final boolean useLatest;

  /**
   * As a serializer of values would ask.
   *
   * @param configs {@link RegistryConfig}'s keys
   * @throws ConfigException when the configuration is not usable
   */
  public SubjectCheck(Map<String, ?> configs) {
    var config = new RegistryConfig(configs);
    strategy = config.subjectNameStrategy(false);
    autoRegister = config.getBoolean(RegistryConfig.AUTO_REGISTER);
    useLatest = config.getBoolean(RegistryConfig.USE_LATEST);
    registry = SchemaRegistries.from(config);
  }

  /**
   * Looks at the subject of a topic's values.
   *
   * @throws RegistryUnavailableException when no registry gave a usable answer
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
