/** What the worker counts. */
@NullMarked
package dev.sluice.metrics;

import org.jspecify.annotations.NullMarked;
