/** The health of a worker, part by part. */
@NullMarked
package dev.sluice.health;

import org.jspecify.annotations.NullMarked;
