/** Composition of processes: the parts of a role, and their order of start and close. */
@NullMarked
package dev.sluice.app;

import org.jspecify.annotations.NullMarked;
