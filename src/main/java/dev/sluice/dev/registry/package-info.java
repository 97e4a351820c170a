/** A schema registry for development and tests, in this process or behind a loopback port. */
@NullMarked
package dev.sluice.dev.registry;

import org.jspecify.annotations.NullMarked;
