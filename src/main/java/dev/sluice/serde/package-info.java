/** Avro's single-object encoding, for state stores and internal topics. */
@NullMarked
package dev.sluice.serde;

import org.jspecify.annotations.NullMarked;
