package dev.sluice.registry;

import org.apache.avro.Schema;

/**
 * Client of a schema registry, which assigns ids to schemas. Thread-safe.
 *
 * <p>Every call throws {@link RegistryUnavailableException} if no registry gave a usable answer,
 * and a {@link org.apache.kafka.common.errors.SerializationException} if Avro cannot parse the
 * registry's schema.
 */
public interface SchemaRegistry extends AutoCloseable {
  /**
   * Returns the schema's id, and registers the schema under the subject if necessary.
   *
   * @throws IncompatibleSchemaException if the registry refuses the schema
   */
  int register(String subject, Schema schema);

  /**
   * Returns the schema's id under the subject; registers nothing.
   *
   * @throws SchemaNotFoundException if the subject does not have the schema
   */
  int idOf(String subject, Schema schema);

  /**
   * Returns the schema with this id.
   *
   * @throws SchemaNotFoundException if there is none
   */
  Schema byId(int id);

  /**
   * Returns the subject's newest schema.
   *
   * @throws SchemaNotFoundException if the subject has none
   */
  RegisteredSchema latest(String subject);

  /**
   * Sets the subject's compatibility level.
   *
   * @param level one of Confluent's, such as FULL_TRANSITIVE
   * @return whether the level changed
   * @throws SchemaNotFoundException if the registry requires an existing subject, and has none
   * @throws org.apache.kafka.common.errors.SerializationException if the registry refuses the level
   */
  boolean setCompatibility(String subject, String level);

  /** Returns whether the registry would accept the schema under the subject; registers nothing. */
  boolean takes(String subject, Schema schema);

  /** Releases connections; registered schemas stay. */
  @Override
  void close();
}
