package dev.sluice.topology;

import dev.sluice.access.AccessObserver;
import dev.sluice.product.stage.EventObserver;
import dev.sluice.streams.WorkerObserver;
import java.util.List;
import java.util.stream.Stream;

/**
 * Listeners to a worker.
 *
 * @param events are told of events, and of the product stage's population
 * @param access are told of commands and sweeps
 * @param worker is told of transactions, restores and the worker's states
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

  /** One listener to events. */
  public static Observers of(EventObserver events) {
    return NONE.and(List.of(events));
  }

  /** These, and behind them more listeners to events. */
  public Observers and(List<? extends EventObserver> more) {
    return new Observers(joined(events, more), access, worker);
  }

  /** These, and behind them more listeners to events and to the access stage. */
  public Observers and(EventObserver ofEvents, AccessObserver ofAccess) {
    return new Observers(
        joined(events, List.of(ofEvents)), joined(access, List.of(ofAccess)), worker);
  }

  private static <T> List<T> joined(List<T> first, List<? extends T> second) {
    return Stream.concat(first.stream(), second.stream()).toList();
  }
}
