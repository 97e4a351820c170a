/** Looks, before a start, at all that a worker needs, and changes nothing. */
@NullMarked
package dev.sluice.check;

import org.jspecify.annotations.NullMarked;
