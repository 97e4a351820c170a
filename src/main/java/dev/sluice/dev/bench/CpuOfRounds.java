package dev.sluice.dev.bench;

import java.util.LinkedHashMap;
import java.util.Map;

/** CPU time of each counted round, per unit of its work, in microseconds. */
final class CpuOfRounds {
  private static final double NS_PER_US = 1e3;

  private final double[] streamUs;
  private final double[] processUs;
  private int done;

  CpuOfRounds(int count) {
    streamUs = new double[count];
    processUs = new double[count];
  }

  /**
   * Adds a round.
   *
   * @param units such as approvals
   */
  void add(CpuTime used, long units) {
    streamUs[done] = used.streamNs() / NS_PER_US / units;
    processUs[done] = used.processNs() / NS_PER_US / units;
    done++;
  }

  /** Returns the last round as text. */
  String last(String unit) {
    return "CPU per %s: stream threads %.1f µs, process %.1f µs"
        .formatted(unit, streamUs[done - 1], processUs[done - 1]);
  }

  /** Returns the results, by name. */
  Map<String, Object> found(String unit) {
    var found = new LinkedHashMap<String, Object>();
    found.put("streamCpuUsPer" + unit, Figures.ofRounds(streamUs).values());
    found.put("processCpuUsPer" + unit, Figures.ofRounds(processUs).values());
    return found;
  }
}
