/** A Kafka broker inside the process, for the demo, for trying Sluice out and for tests. */
@NullMarked
package dev.sluice.dev.embedded;

import org.jspecify.annotations.NullMarked;
