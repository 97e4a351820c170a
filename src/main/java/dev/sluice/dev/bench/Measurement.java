package dev.sluice.dev.bench;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Result of one measurement.
 *
 * @param name such as fanout
 * @param subject sluice, or dsl for the alternative
 * @param members number of members, approvals or memberships, by its name
 * @param sources data sources of a product
 * @param rounds number of counted rounds
 * @param unit unit of {@code bare} and {@code measured}; ratio has none
 * @param bare result of Kafka's plain clients in the same run
 * @param measured result of the subject
 * @param ratio ratio of the two, round by round
 * @param more further results, by name
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

  /** Subject of a measurement of Sluice. */
  public static final String SLUICE = "sluice";

  /** Subject of a measurement of {@link DslBaseline}. */
  public static final String DSL = "dsl";

  /** Copies the results. */
  public Measurement {
    more = Collections.unmodifiableMap(new LinkedHashMap<>(more));
  }
}
