/** The command line, one class for each command. */
@NullMarked
package dev.sluice.cli;

import org.jspecify.annotations.NullMarked;
