/** The HTTP server: API, console, health, metrics, info. */
@NullMarked
package dev.sluice.http;

import org.jspecify.annotations.NullMarked;
