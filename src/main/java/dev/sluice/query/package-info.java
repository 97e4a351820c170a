/** Queries about access, answered from the live state of all workers. */
@NullMarked
package dev.sluice.query;

import org.jspecify.annotations.NullMarked;
