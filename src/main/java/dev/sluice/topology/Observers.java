package dev.sluice.topology;

import dev.sluice.access.AccessObserver;
import dev.sluice.product.stage.EventObserver;
import dev.sluice.streams.WorkerObserver;
import java.util.List;
import java.util.stream.Stream;

/**
 * Listeners of a worker.
 *
 * @param events listeners for events, and for the product stage's statistics
 * @param access listeners for commands and sweeps
 * @param worker listener for transactions, restores and the worker's states
 */
public record Observers(
    List<EventObserver> events, List<AccessObserver> access, WorkerObserver worker) {

  /** No listener. */
  public static final Observers NONE = new Observers(List.of(), List.of(), WorkerObserver.NONE);

  /** Copies the lists. */
  public Observers {
    events = List.copyOf(events);
    access = List.copyOf(access);
  }

  /** Returns one listener for events. */
  public static Observers of(EventObserver events) {
    return NONE.and(List.of(events));
  }

  /** Returns these, followed by more listeners for events. */
  public Observers and(List<? extends EventObserver> more) {
    return new Observers(joined(events, more), access, worker);
  }

  /** Returns these, followed by more listeners for events and for the access stage. */
  public Observers and(EventObserver ofEvents, AccessObserver ofAccess) {
    return new Observers(
        joined(events, List.of(ofEvents)), joined(access, List.of(ofAccess)), worker);
  }

  private static <T> List<T> joined(List<T> first, List<? extends T> second) {
    return Stream.concat(first.stream(), second.stream()).toList();
  }
}
