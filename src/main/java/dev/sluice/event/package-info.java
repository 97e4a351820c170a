/** The contract's events as plain values. Pure. */
@NullMarked
package dev.sluice.event;

import org.jspecify.annotations.NullMarked;
