/** The two stages as one topology, as the configuration has it. */
@NullMarked
package dev.sluice.topology;

import org.jspecify.annotations.NullMarked;
