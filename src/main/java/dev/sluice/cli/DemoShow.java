package dev.sluice.cli;

import dev.sluice.event.ProductEvent;

/** How the demo shows what happens. */
interface DemoShow extends OutputReader.Sink {

  /** An event that is about to be published. */
  default void event(ProductEvent event) {}

  /** All is settled; the answer is whether commands and statuses agree. */
  boolean end();
}
