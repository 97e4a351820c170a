package dev.sluice.metrics;

/** The upper bounds of histograms' buckets, in seconds. */
final class Buckets {

  /** From a few milliseconds to an hour: an event may wait for a backlog or a sweep. */
  static final double[] LATENCY = {
    0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600
  };

  /** From below the commit interval to the transaction timeout. */
  static final double[] TRANSACTION = {0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10};

  private Buckets() {}
}
