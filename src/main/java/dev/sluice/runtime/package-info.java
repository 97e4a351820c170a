/** The worker's life cycle: topics, start, stop, failures. */
@NullMarked
package dev.sluice.runtime;

import org.jspecify.annotations.NullMarked;
