package dev.sluice.dev.bench;

import java.util.Map;

/** Rates of a measurement by round: the subject's and the bare producer's. */
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

  /** Returns the last round as text. */
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

  /** Returns the measurement of all rounds. */
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
