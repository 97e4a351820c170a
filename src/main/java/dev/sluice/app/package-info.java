/** Puts processes together: what a role is made of, in which order it starts and closes. */
@NullMarked
package dev.sluice.app;

import org.jspecify.annotations.NullMarked;
