/** Measures a worker, and beside it what Kafka alone does on the same machine. */
@NullMarked
package dev.sluice.dev.bench;

import org.jspecify.annotations.NullMarked;
