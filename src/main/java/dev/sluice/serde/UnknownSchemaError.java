package dev.sluice.serde;

/** An exception that says: the registry answered that it does not have the schema. */
public interface UnknownSchemaError {}
