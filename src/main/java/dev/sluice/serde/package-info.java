/** Avro's single-object encoding, schema history, and failures of serializers. */
@NullMarked
package dev.sluice.serde;

import org.jspecify.annotations.NullMarked;
