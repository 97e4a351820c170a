/** Processes that are killed, frozen and started again, and what must hold all the same. */
package dev.sluice.it.chaos;
