/** Decisions about users' access: differences, sweeps, causes. Pure. */
@NullMarked
package dev.sluice.access;

import org.jspecify.annotations.NullMarked;
