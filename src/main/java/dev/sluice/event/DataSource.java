package dev.sluice.event;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * A table, view or file set in a data platform: its type and its id together say which.
 *
 * @param sourceId identifies the source in its platform
 * @param sourceType the platform that holds it, such as Snowflake
 */
public record DataSource(
    @JsonProperty(required = true) String sourceId,
    @JsonProperty(required = true) String sourceType) {}
