/** The contract's events as plain values, and their JSON form. */
@NullMarked
package dev.sluice.event;

import org.jspecify.annotations.NullMarked;
