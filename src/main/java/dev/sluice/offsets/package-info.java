/** Offsets, lag and throughput of a consumer group. */
@NullMarked
package dev.sluice.offsets;

import org.jspecify.annotations.NullMarked;
