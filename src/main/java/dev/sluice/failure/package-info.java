/** Outages that are waited for, and threads that failed. */
@NullMarked
package dev.sluice.failure;

import org.jspecify.annotations.NullMarked;
