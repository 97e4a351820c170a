/** Decisions about delivery: which commands a platform has confirmed. Pure. */
@NullMarked
package dev.sluice.delivery;

import org.jspecify.annotations.NullMarked;
