/** Sluice: product events in, GRANT and REVOKE commands out. */
@NullMarked
package dev.sluice;

import org.jspecify.annotations.NullMarked;
