package dev.sluice.dev.demo;

import dev.sluice.cli.OutputReader;
import dev.sluice.event.ProductEvent;
import java.time.Instant;

/** How the demo shows what happens. */
interface DemoShow extends OutputReader.Sink {

  /** An event that is about to be published. */
  default void event(ProductEvent event) {}

  /** What became of an event, as the worker counts it; called by the worker's threads. */
  default void outcome(String outcome) {}

  /** All that was published so far is settled and shown. */
  default void settled() {}

  /** Whether somebody's access ends by itself before then. */
  boolean expires(Instant before);

  /** All is settled; the answer is whether commands and statuses agree. */
  boolean end();
}
