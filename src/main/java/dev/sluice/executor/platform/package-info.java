/** The port to platforms: what carries out statements, and the names that it uses. */
@NullMarked
package dev.sluice.executor.platform;

import org.jspecify.annotations.NullMarked;
