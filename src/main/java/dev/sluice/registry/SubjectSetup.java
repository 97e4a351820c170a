package dev.sluice.registry;

import java.util.Map;
import org.apache.avro.Schema;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.SerializationException;

/**
 * Makes the subjects of values ready: registers schemas just as {@link ConfluentAvroSerializer}
 * would with the first record, and says which schemas may come beside them.
 */
public final class SubjectSetup implements AutoCloseable {
  private final SubjectNameStrategy strategy;
  private final SchemaRegistry registry;

  /**
   * For the registry of a configuration; makes no request yet.
   *
   * @param configs {@link RegistryConfig}'s keys, others being ignored
   * @throws ConfigException when the configuration is not usable
   */
  public SubjectSetup(Map<String, ?> configs) {
    RegistryConfig config = new RegistryConfig(configs);
    this.strategy = config.subjectNameStrategy(false);
    this.registry = SchemaRegistries.from(config);
  }

  /** The subject of a topic's values of this schema. */
  public String subject(String topic, Schema schema) {
    return strategy.subject(topic, false, schema);
  }

  /**
   * Registers the schema if need be.
   *
   * @throws IncompatibleSchemaException when the registry refuses it
   */
  public void register(String subject, Schema schema) {
    registry.register(subject, AvroSchemas.portable(schema));
  }

  /**
   * Sets the subject's compatibility level.
   *
   * @return whether it was another before
   * @throws SchemaNotFoundException when the registry must have the subject for that, and does not
   * @throws SerializationException when the registry refuses it
   */
  public boolean setCompatibility(String subject, String level) {
    return registry.setCompatibility(subject, level);
  }

  @Override
  public void close() {
    registry.close();
  }
}
