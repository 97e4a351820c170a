/** The delivery stage: commands and results, and what is outstanding. */
@NullMarked
package dev.sluice.delivery.stage;

import org.jspecify.annotations.NullMarked;
