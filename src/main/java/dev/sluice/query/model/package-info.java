/** Answers of the HTTP API, and their conversion from state. Pure. */
@NullMarked
package dev.sluice.query.model;

import org.jspecify.annotations.NullMarked;
