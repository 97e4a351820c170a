/** Sluice's settings: where they come from, what they may be, and what Kafka is given of them. */
@NullMarked
package dev.sluice.config;

import org.jspecify.annotations.NullMarked;
