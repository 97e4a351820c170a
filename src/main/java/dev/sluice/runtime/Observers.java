package dev.sluice.runtime;

import dev.sluice.access.AccessObserver;
import dev.sluice.product.EventObserver;

/**
 * Who is told of what a worker does.
 *
 * @param events of events, and what the product stage holds
 * @param access of commands and sweeps
 * @param worker of transactions, restores and the worker's states
 */
public record Observers(EventObserver events, AccessObserver access, WorkerObserver worker) {

  /** Of events only. */
  public static Observers of(EventObserver events) {
    return new Observers(events, AccessObserver.NONE, WorkerObserver.NONE);
  }
}
