/** Plain values to and from Avro. */
@NullMarked
package dev.sluice.serde;

import org.jspecify.annotations.NullMarked;
