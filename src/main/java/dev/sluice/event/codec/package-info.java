/** Converts events to and from JSON and Avro, whatever schema a producer wrote them with. */
@NullMarked
package dev.sluice.event.codec;

import org.jspecify.annotations.NullMarked;
