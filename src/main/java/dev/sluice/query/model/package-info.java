/** Answers as they go over HTTP, and how they are made. Pure. */
@NullMarked
package dev.sluice.query.model;

import org.jspecify.annotations.NullMarked;
