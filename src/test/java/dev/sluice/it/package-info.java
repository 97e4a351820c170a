/** Real parts: a broker, a registry, workers, processes. */
package dev.sluice.it;
