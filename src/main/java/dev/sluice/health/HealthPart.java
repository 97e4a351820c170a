package dev.sluice.health;

/**
 * One part of a worker's health.
 *
 * @param part which
 * @param ok whether it is as it should be
 * @param says what is so, in words
 */
public record HealthPart(Part part, boolean ok, String says) {

  /** The parts, in the order in which a worker that starts comes to them. */
  public enum Part {
    /** The process has a worker that has not given up, and none of its threads hangs or waits. */
    RUNNING,
    /** The group has said which partitions are its own. */
    ASSIGNED,
    /** Its state is there. */
    RESTORED,
    /** It keeps up with its input. */
    LAG
  }
}
