/** The report of {@code sluice check}. */
@NullMarked
package dev.sluice.check;

import org.jspecify.annotations.NullMarked;
