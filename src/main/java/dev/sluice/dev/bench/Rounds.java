package dev.sluice.dev.bench;

import java.util.Map;

/** The rates of a measurement, round by round: a subject's and the bare one's beside it. */
final class Rounds {
  private final double[] measured;
  private final double[] bare;
  private final double[] ratios;
  private int done;

  Rounds(int count) {
    measured = new double[count];
    bare = new double[count];
    ratios = new double[count];
  }

  void add(double measuredRate, double bareRate) {
    measured[done] = measuredRate;
    bare[done] = bareRate;
    ratios[done] = measuredRate / bareRate;
    done++;
  }

  /** The last round in words. */
  String last(String name, String subject, String unit) {
    return "%s, round %d of %d: %s %,.0f %s, bare %,.0f; ratio %.2f"
        .formatted(
            name,
            done,
            measured.length,
            subject,
            measured[done - 1],
            unit,
            bare[done - 1],
            ratios[done - 1]);
  }

  /** All of them. */
  Measurement measurement(
      String name,
      String subject,
      long members,
      int sources,
      String unit,
      Map<String, Object> more) {
    return new Measurement(
        name,
        subject,
        members,
        sources,
        done,
        unit,
        Figures.ofRounds(bare),
        Figures.ofRounds(measured),
        Figures.ofRounds(ratios),
        more);
  }
}
