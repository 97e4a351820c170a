/** Metrics of a worker for Prometheus: all meters and their names. */
@NullMarked
package dev.sluice.metrics;

import org.jspecify.annotations.NullMarked;
