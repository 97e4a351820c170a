package dev.sluice.event;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * A table, view or file set in a data platform, identified by type and id together.
 *
 * @param sourceId identifies the source in its platform
 * @param sourceType the platform that holds the source, such as Snowflake
 */
public record DataSource(
    @JsonProperty(required = true) String sourceId,
    @JsonProperty(required = true) String sourceType) {}
