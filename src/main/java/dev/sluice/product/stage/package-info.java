/** The product stage: its processor, stores and outputs. */
@NullMarked
package dev.sluice.product.stage;

import org.jspecify.annotations.NullMarked;
