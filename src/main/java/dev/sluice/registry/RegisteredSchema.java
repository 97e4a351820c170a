package dev.sluice.registry;

import org.apache.avro.Schema;

/**
 * A schema as a registry holds it under a subject.
 *
 * @param id the registry's id of the schema, the same under every subject
 * @param version the schema's place within the subject, from 1
 * @param schema the schema
 */
public record RegisteredSchema(int id, int version, Schema schema) {}
