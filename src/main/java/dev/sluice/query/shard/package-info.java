/** Partitions of the state that can be queried, in this process or in another. */
@NullMarked
package dev.sluice.query.shard;

import org.jspecify.annotations.NullMarked;
