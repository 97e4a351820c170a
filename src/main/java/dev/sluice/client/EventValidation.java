package dev.sluice.client;

import dev.sluice.event.ProductEvent;
import dev.sluice.product.ProductDecider;
import org.jspecify.annotations.Nullable;

/**
 * All that can be said against an event without knowing what came before it. Whoever writes events
 * on others' behalf asks it of all of them before writing the first.
 */
public final class EventValidation {

  private EventValidation() {}

  /** What is wrong, in words; null when nothing is. */
  public static @Nullable String problem(ProductEvent event) {
    var problem = ProductDecider.idProblem(event);
    return problem != null ? problem : sizeProblem(event);
  }

  /** The same about the event's size alone. */
  public static @Nullable String sizeProblem(ProductEvent event) {
    return EventRecordEncoder.sizeProblem(event);
  }
}
