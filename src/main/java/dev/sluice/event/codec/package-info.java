/** Events to and from JSON and Avro, whichever schema a producer wrote them with. */
@NullMarked
package dev.sluice.event.codec;

import org.jspecify.annotations.NullMarked;
