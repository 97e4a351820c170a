/** The path of commands from a task to the broker, the fast one included. */
@NullMarked
package dev.sluice.access.command;

import org.jspecify.annotations.NullMarked;
