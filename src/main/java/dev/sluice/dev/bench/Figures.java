package dev.sluice.dev.bench;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Statistics of many values: min, median and max, and for latencies p50 and p99 too.
 *
 * @param values by name, in display order
 */
public record Figures(Map<String, Double> values) {
  private static final double NS_PER_MS = 1e6;

  /** Copies the values. */
  public Figures {
    values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
  }

  /** Returns the statistics of one value per round. */
  public static Figures ofRounds(double... rounds) {
    if (rounds.length == 0) {
      throw new IllegalArgumentException("there are no figures of no rounds");
    }
    var sorted = rounds.clone();
    Arrays.sort(sorted);
    var middle = sorted.length / 2;
    var median =
        sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    var values = new LinkedHashMap<String, Double>();
    values.put("min", sorted[0]);
    values.put("median", median);
    values.put("max", sorted[sorted.length - 1]);
    return new Figures(values);
  }

  /**
   * Returns the statistics of latencies, in milliseconds. A percentile is the smallest latency that
   * the given percentage does not exceed.
   *
   * @param nanos the latencies in nanoseconds, in any order
   */
  public static Figures ofLatencies(long... nanos) {
    if (nanos.length == 0) {
      throw new IllegalArgumentException("there are no figures of no latencies");
    }
    var sorted = nanos.clone();
    Arrays.sort(sorted);
    var values = new LinkedHashMap<String, Double>();
    values.put("min", sorted[0] / NS_PER_MS);
    values.put("median", percentile(sorted, 50));
    values.put("p50", percentile(sorted, 50));
    values.put("p99", percentile(sorted, 99));
    values.put("max", sorted[sorted.length - 1] / NS_PER_MS);
    return new Figures(values);
  }

  private static double percentile(long[] sorted, int percent) {
    var rank = (int) Math.ceil(sorted.length * percent / 100.0);
    return sorted[Math.max(rank, 1) - 1] / NS_PER_MS;
  }

  /** Returns each figure divided by the other's of the same name. */
  public Figures over(Figures other) {
    var ratios = new LinkedHashMap<String, Double>();
    values.forEach((name, value) -> ratios.put(name, value / other.get(name)));
    return new Figures(ratios);
  }

  /** Returns the figure with a name. */
  public double get(String name) {
    var value = values.get(name);
    if (value == null) {
      throw new IllegalArgumentException("there is no " + name + " among " + values.keySet());
    }
    return value;
  }
}
