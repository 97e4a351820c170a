/** Checks and preparations before a worker starts, and checks while it runs. */
@NullMarked
package dev.sluice.startup;

import org.jspecify.annotations.NullMarked;
