/** Prometheus and promtool as they are installed here, if they are. */
package dev.sluice.prom;
