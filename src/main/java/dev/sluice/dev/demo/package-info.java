/** The demo: a story with a broker, a registry and a worker in this process. */
@NullMarked
package dev.sluice.dev.demo;

import org.jspecify.annotations.NullMarked;
