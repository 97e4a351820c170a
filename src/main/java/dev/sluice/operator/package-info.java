/** Faults that an operator has to mend, and the advice for them. */
@NullMarked
package dev.sluice.operator;

import org.jspecify.annotations.NullMarked;
