/** A Kafka broker inside the process, for the demo, experiments and tests. */
@NullMarked
package dev.sluice.dev.embedded;

import org.jspecify.annotations.NullMarked;
