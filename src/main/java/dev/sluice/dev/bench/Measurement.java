package dev.sluice.dev.bench;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What was measured of one thing.
 *
 * @param name of the measurement, such as fanout
 * @param subject what was measured: sluice, or dsl for the alternative it is compared with
 * @param members how many members, approvals or memberships it had, by its name
 * @param sources data sources of a product
 * @param rounds how many rounds count
 * @param unit of {@code bare} and {@code measured}; ratio has none
 * @param bare what Kafka's plain clients did in the same run
 * @param measured what the subject did
 * @param ratio the two compared, round by round
 * @param more further findings, by name
 */
public record Measurement(
    String name,
    String subject,
    long members,
    int sources,
    int rounds,
    String unit,
    Figures bare,
    Figures measured,
    Figures ratio,
    Map<String, Object> more) {

  /** What was measured is Sluice. */
  public static final String SLUICE = "sluice";

  /** What was measured is {@link DslBaseline}. */
  public static final String DSL = "dsl";

  /** Keeps its own copy. */
  public Measurement {
    more = Collections.unmodifiableMap(new LinkedHashMap<>(more));
  }
}
