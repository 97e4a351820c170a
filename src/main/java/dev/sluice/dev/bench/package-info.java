/** Measurements of a worker, compared with Kafka alone on the same machine. */
@NullMarked
package dev.sluice.dev.bench;

import org.jspecify.annotations.NullMarked;
