/** The form and the levels of what is logged, as the settings have it. */
@NullMarked
package dev.sluice.logging;

import org.jspecify.annotations.NullMarked;
