package dev.sluice.bench;

import java.util.LinkedHashMap;
import java.util.Map;

/** The rates of a measurement, round by round: a subject's and the bare one's beside it. */
final class Rounds {
  private final double[] measured;
  private final double[] bare;
  private final double[] ratios;
  private final double[] wholeMeasured;
  private final double[] wholeBare;
  private final double[] wholeRatios;
  private int done;

  Rounds(int count) {
    measured = new double[count];
    bare = new double[count];
    ratios = new double[count];
    wholeMeasured = new double[count];
    wholeBare = new double[count];
    wholeRatios = new double[count];
  }

  void add(Rate measuredRate, Rate bareRate) {
    measured[done] = measuredRate.sustained();
    bare[done] = bareRate.sustained();
    ratios[done] = measured[done] / bare[done];
    wholeMeasured[done] = measuredRate.whole();
    wholeBare[done] = bareRate.whole();
    wholeRatios[done] = wholeMeasured[done] / wholeBare[done];
    done++;
  }

  /** The last round in words. */
  String last(String name, String subject, String unit) {
    return "%s, round %d of %d: %s %,.0f %s, bare %,.0f; ratio %.2f; from the event on %.2f"
        .formatted(
            name,
            done,
            measured.length,
            subject,
            measured[done - 1],
            unit,
            bare[done - 1],
            ratios[done - 1],
            wholeRatios[done - 1]);
  }

  /** All of them. */
  Measurement measurement(
      String name,
      String subject,
      long members,
      int sources,
      String unit,
      Map<String, Object> others) {
    var more = new LinkedHashMap<String, Object>();
    more.put("fromEventBare", Figures.ofRounds(wholeBare).values());
    more.put("fromEvent", Figures.ofRounds(wholeMeasured).values());
    more.put("fromEventRatio", Figures.ofRounds(wholeRatios).values());
    more.putAll(others);
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
