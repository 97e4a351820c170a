/** Reactions to outages and to failed threads. */
@NullMarked
package dev.sluice.failure;

import org.jspecify.annotations.NullMarked;
