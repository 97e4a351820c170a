/** The stages as one topology, built from the configuration. */
@NullMarked
package dev.sluice.topology;

import org.jspecify.annotations.NullMarked;
