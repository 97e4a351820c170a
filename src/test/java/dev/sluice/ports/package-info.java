/** Ports of the servers that tests start. */
package dev.sluice.ports;
