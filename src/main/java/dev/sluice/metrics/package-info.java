/** What a worker does, in numbers, for Prometheus: every meter of it, and its name. */
@NullMarked
package dev.sluice.metrics;

import org.jspecify.annotations.NullMarked;
