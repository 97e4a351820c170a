/** Lifecycle of one worker, and reports about it. */
@NullMarked
package dev.sluice.worker;

import org.jspecify.annotations.NullMarked;
