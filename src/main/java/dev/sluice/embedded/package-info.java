/** A Kafka broker inside the process, for the demo, for trying Sluice out and for tests. */
@NullMarked
package dev.sluice.embedded;

import org.jspecify.annotations.NullMarked;
