/** The worker's life: its topics, its start, what it does in trouble, its stop. */
@NullMarked
package dev.sluice.runtime;

import org.jspecify.annotations.NullMarked;
