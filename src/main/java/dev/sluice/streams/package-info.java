/**
 * Helpers for Kafka Streams processors: stores, commits, scheduling, records that are set aside.
 */
@NullMarked
package dev.sluice.streams;

import org.jspecify.annotations.NullMarked;
