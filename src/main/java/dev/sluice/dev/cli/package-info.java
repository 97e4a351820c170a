/** The commands for development, which the command line finds where their jar is there. */
@NullMarked
package dev.sluice.dev.cli;

import org.jspecify.annotations.NullMarked;
