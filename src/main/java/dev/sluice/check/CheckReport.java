package dev.sluice.check;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.sluice.check.Finding.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * All findings, in the order of the checks.
 *
 * @param findings at least one
 */
public record CheckReport(List<Finding> findings) {

  /** Copies the findings. */
  public CheckReport {
    findings = List.copyOf(findings);
  }

  /** Returns whether a worker could not start. */
  public boolean failed() {
    return count(Verdict.FAILED) > 0;
  }

  private long count(Verdict verdict) {
    return findings.stream().filter(f -> f.verdict() == verdict).count();
  }

  /**
   * Returns lines for people: one per finding, and a summary. Further lines of a text are indented
   * to the text.
   */
  public List<String> lines() {
    var width = findings.stream().mapToInt(f -> f.what().length()).max().orElse(1);
    var format = "%-7s  %-" + width + "s  %s";
    var lines = new ArrayList<String>();
    for (var f : findings) {
      var verdict = f.verdict().name();
      var text = f.remedy() == null ? f.text() : f.text() + ": " + f.remedy();
      var parts = text.split("\n");
      lines.add(
          format.formatted(
              f.verdict() == Verdict.FAILED ? verdict : verdict.toLowerCase(Locale.ROOT),
              f.what(),
              parts[0]));
      for (int i = 1; i < parts.length; i++) {
        lines.add(format.formatted("", "", parts[i]));
      }
    }
    lines.add(
        "%s: %d ok, %d warning, %d failed"
            .formatted(
                failed() ? "a worker could not start" : "a worker could start",
                count(Verdict.OK),
                count(Verdict.WARNING),
                count(Verdict.FAILED)));
    return lines;
  }

  /** Returns one JSON object per finding, for programs. */
  public List<String> json() {
    return findings.stream()
        .map(
            f ->
                JsonNodeFactory.instance
                    .objectNode()
                    .put("kind", "check")
                    .put("what", f.what())
                    .put("verdict", f.verdict().name().toLowerCase(Locale.ROOT))
                    .put("says", f.text())
                    .put("remedy", f.remedy())
                    .toString())
        .toList();
  }
}
