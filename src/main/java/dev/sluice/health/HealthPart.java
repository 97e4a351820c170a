package dev.sluice.health;

/**
 * Health of one part.
 *
 * @param part the part
 * @param ok whether it is healthy
 * @param text its state as text
 */
public record HealthPart(Part part, boolean ok, String text) {

  /** The parts, in the order of a start. */
  public enum Part {
    /** The worker runs, and no thread hangs or waits. */
    RUNNING,
    /** The group has assigned partitions to the worker. */
    ASSIGNED,
    /** The worker's state is restored. */
    RESTORED,
    /** The worker keeps up with its input. */
    LAG,
    /** Delivery in the worker's process runs and keeps up; missing where it does not run there. */
    DELIVERY
  }
}
