/** The access stage: what users gain and lose. */
@NullMarked
package dev.sluice.access;

import org.jspecify.annotations.NullMarked;
