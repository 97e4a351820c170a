/** The path of commands from a task to the broker, including the direct one. */
@NullMarked
package dev.sluice.access.command;

import org.jspecify.annotations.NullMarked;
