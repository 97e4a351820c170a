/** Keys of records and stores, and the partitions that they hash to. Pure. */
@NullMarked
package dev.sluice.keys;

import org.jspecify.annotations.NullMarked;
