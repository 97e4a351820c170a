/** Sluice's settings: their sources, validation, and translation for Kafka. */
@NullMarked
package dev.sluice.config;

import org.jspecify.annotations.NullMarked;
