/** Platforms that are reached over JDBC: their statements, names and errors. */
@NullMarked
package dev.sluice.executor.jdbc;

import org.jspecify.annotations.NullMarked;
