/** The two stages composed to one Kafka Streams topology, and every name once. */
@NullMarked
package dev.sluice.topology;

import org.jspecify.annotations.NullMarked;
