/** Checks and preparations before a worker starts, and the checks that go on while it runs. */
@NullMarked
package dev.sluice.startup;

import org.jspecify.annotations.NullMarked;
