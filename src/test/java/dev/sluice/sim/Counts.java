package dev.sluice.sim;

/** Counts of the situations that a simulation tried. */
final class Counts {
  long events;
  long commands;
  long crashes;
  long commits;
  long rebalances;
  long slices;
  long aborts;

  @Override
  public String toString() {
    return "%d events, %d commands, %d crashes, %d commits, %d rebalances, %d slices, %d aborts"
        .formatted(events, commands, crashes, commits, rebalances, slices, aborts);
  }
}
