package dev.sluice.event;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * A table, view or file set in a data platform.
 *
 * @param sourceId identifies the source over all platforms
 * @param sourceType the platform that holds it, such as Snowflake
 */
public record DataSource(
    @JsonProperty(required = true) String sourceId,
    @JsonProperty(required = true) String sourceType) {}
