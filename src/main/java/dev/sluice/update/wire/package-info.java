/** The Avro form of updates, and the partition that each goes to. */
@NullMarked
package dev.sluice.update.wire;

import org.jspecify.annotations.NullMarked;
