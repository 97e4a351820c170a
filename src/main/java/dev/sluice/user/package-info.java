/** Decisions about users: deactivated or active. Pure. */
@NullMarked
package dev.sluice.user;

import org.jspecify.annotations.NullMarked;
