/** Faults that need an operator, and their remedies. */
@NullMarked
package dev.sluice.operator;

import org.jspecify.annotations.NullMarked;
