package dev.sluice.registry;

import java.util.Map;
import org.apache.avro.Schema;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.SerializationException;

/**
 * Prepares the subjects of values: registers schemas just as {@link ConfluentAvroSerializer} would
 * with the first record, and sets compatibility levels.
 */
public final class SubjectSetup implements AutoCloseable {
  private final SubjectNameStrategy strategy;
  private final SchemaRegistry registry;

  /**
   * Creates the setup for the registry of a configuration; makes no request yet.
   *
   * @param configs {@link RegistryConfig}'s keys, others being ignored
   * @throws ConfigException if the configuration is not usable
   */
  public SubjectSetup(Map<String, ?> configs) {
    RegistryConfig config = new RegistryConfig(configs);
    this.strategy = config.subjectNameStrategy(false);
    this.registry = SchemaRegistries.from(config);
  }

  /** Returns the subject of a topic's values of this schema. */
  public String subject(String topic, Schema schema) {
    return strategy.subject(topic, false, schema);
  }

  /**
   * Registers the schema if necessary.
   *
   * @throws IncompatibleSchemaException if the registry refuses the schema
   */
  public void register(String subject, Schema schema) {
    registry.register(subject, AvroSchemas.portable(schema));
  }

  /**
   * Sets the subject's compatibility level.
   *
   * @return whether the level changed
   * @throws SchemaNotFoundException if the registry requires an existing subject, and has none
   * @throws SerializationException if the registry refuses the level
   */
  public boolean setCompatibility(String subject, String level) {
    return registry.setCompatibility(subject, level);
  }

  @Override
  public void close() {
    registry.close();
  }
}
