package dev.sluice.registry;

import org.apache.avro.Schema;

/**
 * Gives schemas ids and ids schemas. Safe for use by several threads.
 *
 * <p>Every call throws {@link RegistryUnavailableException} when no registry gave a usable answer,
 * and a {@link org.apache.kafka.common.errors.SerializationException} when the registry's schema is
 * not one that Avro can parse.
 */
public interface SchemaRegistry extends AutoCloseable {
  /**
   * The schema's id, after registering it under the subject if it is not there yet.
   *
   * @throws IncompatibleSchemaException when the registry refuses the schema
   */
  int register(String subject, Schema schema);

  /**
   * The schema's id under the subject; registers nothing.
   *
   * @throws SchemaNotFoundException when the subject does not have the schema
   */
  int idOf(String subject, Schema schema);

  /**
   * The schema with this id.
   *
   * @throws SchemaNotFoundException when there is none
   */
  Schema byId(int id);

  /**
   * The subject's newest schema.
   *
   * @throws SchemaNotFoundException when the subject has none
   */
  RegisteredSchema latest(String subject);

  /**
   * Says which schemas the subject takes beside those it has.
   *
   * @param level one of Confluent's, such as FULL_TRANSITIVE
   * @return whether it was another before
   * @throws SchemaNotFoundException when the registry must have the subject for that, and does not
   * @throws org.apache.kafka.common.errors.SerializationException when the registry refuses it
   */
  boolean setCompatibility(String subject, String level);

  /** Whether the registry would take the schema under the subject; registers nothing. */
  boolean takes(String subject, Schema schema);

  /** Releases connections; what is registered stays. */
  @Override
  void close();
}
