package dev.sluice.client;

import dev.sluice.event.Event;
import dev.sluice.product.ProductDecider;
import org.jspecify.annotations.Nullable;

/**
 * Checks an event without knowledge of earlier events. Clients that write events of other producers
 * check all of them before writing the first.
 */
public final class EventValidation {

  private EventValidation() {}

  /** Returns the problem; null if there is none. */
  public static @Nullable String problem(Event event) {
    var problem = ProductDecider.idProblem(event);
    return problem != null ? problem : sizeProblem(event);
  }

  /** Returns a problem of the event's size only; null if there is none. */
  public static @Nullable String sizeProblem(Event event) {
    return EventRecordEncoder.sizeProblem(event);
  }
}
