/** Writers of events, and the wait until all input is processed. */
@NullMarked
package dev.sluice.client;

import org.jspecify.annotations.NullMarked;
