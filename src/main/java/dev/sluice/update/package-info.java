/** Messages from the product stage to the access stage. Pure. */
@NullMarked
package dev.sluice.update;

import org.jspecify.annotations.NullMarked;
