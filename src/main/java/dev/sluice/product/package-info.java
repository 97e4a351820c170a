/** Decisions about data products and access requests. Pure. */
@NullMarked
package dev.sluice.product;

import org.jspecify.annotations.NullMarked;
