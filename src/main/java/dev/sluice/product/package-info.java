/** The product stage: what each event does to a product and its requests. */
@NullMarked
package dev.sluice.product;

import org.jspecify.annotations.NullMarked;
