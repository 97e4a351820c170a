package dev.sluice.dev.demo;

import dev.sluice.cli.OutputReader;
import dev.sluice.event.Event;
import java.time.Instant;

/** Presentation of the demo. */
interface DemoShow extends OutputReader.Sink {

  /** Shows an event before it is published. */
  default void event(Event event) {}

  /** Shows an event's outcome as the worker counts it; called by the worker's threads. */
  default void outcome(String outcome) {}

  /** Called when everything published so far is settled and shown. */
  default void settled() {}

  /** Returns whether some access expires before a time. */
  boolean expires(Instant before);

  /** Ends the demo; returns whether commands and statuses agree. */
  boolean end();
}
