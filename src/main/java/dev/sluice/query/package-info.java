/** Answers who has access to what, and why, from the worker's live state. */
@NullMarked
package dev.sluice.query;

import org.jspecify.annotations.NullMarked;
