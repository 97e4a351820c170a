package dev.sluice.bench;

/**
 * How fast records became readable, in records per second.
 *
 * @param whole from the sending of what set them off to the last one's being readable
 * @param sustained from when the first were readable, those left out, to the last: without the time
 *     that the first take to come through, which the latency tells
 */
record Rate(double whole, double sustained) {
  private static final double NS_PER_S = 1e9;

  /**
   * Of a reading.
   *
   * @param beganNs when it was set off, by System.nanoTime
   */
  static Rate of(long beganNs, Reading reading) {
    var whole = reading.count() / ((reading.lastNs() - beganNs) / NS_PER_S);
    var later = reading.count() - reading.firstCount();
    return new Rate(
        whole, later == 0 ? whole : later / ((reading.lastNs() - reading.firstNs()) / NS_PER_S));
  }

  /**
   * When records were readable, by System.nanoTime.
   *
   * @param count how many there were
   * @param firstCount how many came first, together
   */
  record Reading(long count, long firstCount, long firstNs, long lastNs) {}
}
