/** The access stage: its processor, stores and sweeps. */
@NullMarked
package dev.sluice.access.stage;

import org.jspecify.annotations.NullMarked;
