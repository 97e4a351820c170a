/** The W3C trace context that records carry in their headers. */
@NullMarked
package dev.sluice.trace;

import org.jspecify.annotations.NullMarked;
