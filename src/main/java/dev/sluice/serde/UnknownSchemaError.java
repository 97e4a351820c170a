package dev.sluice.serde;

/** Marks exceptions for a schema that the registry does not have. */
public interface UnknownSchemaError {}
