/** Decisions about carrying out commands on platforms. Pure. */
@NullMarked
package dev.sluice.executor;

import org.jspecify.annotations.NullMarked;
