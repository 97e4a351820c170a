/** Configured format and levels of the log. */
@NullMarked
package dev.sluice.logging;

import org.jspecify.annotations.NullMarked;
