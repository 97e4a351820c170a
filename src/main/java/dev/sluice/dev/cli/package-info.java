/** Development commands, which the command line finds if their jar exists. */
@NullMarked
package dev.sluice.dev.cli;

import org.jspecify.annotations.NullMarked;
