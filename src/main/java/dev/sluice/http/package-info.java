/** What the worker answers over HTTP: health, metrics, and what it is. */
@NullMarked
package dev.sluice.http;

import org.jspecify.annotations.NullMarked;
