package dev.sluice.it.chaos;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The result of one run.
 *
 * @param minutes from the first fault to the last
 * @param events records that were put in, of every kind
 * @param faults how often what was done
 * @param kills processes of workers that were killed
 * @param rebalances how often a running worker had to wait for a new assignment
 * @param startsWithoutBroker workers that ended because no broker answered when they started
 * @param longestGapMs without anything committed on the output topics while input was due
 * @param longestStallMs of one partition of the input, while it had something due
 * @param quietMs from the last fault until all was as it should be
 */
@JsonPropertyOrder({"seed", "protocol", "minutes"})
record ChaosReport(
    long seed,
    String protocol,
    double minutes,
    long events,
    long rejected,
    long commands,
    Map<Fault, Integer> faults,
    int kills,
    int brokerRestarts,
    long rebalances,
    int startsWithoutBroker,
    List<String> endedUnasked,
    long longestGapMs,
    long longestStallMs,
    long quietMs) {

  /** One line, and a table of what was done. */
  String text() {
    return String.format(
            Locale.ROOT,
            "chaos: seed %d, %s, %.1f min: %,d events (%,d rejected), %,d commands; %d kills, %d"
                + " broker restarts, %d rebalances, %d starts without a broker, %d ended unasked;"
                + " longest gap %.1f s, of one partition %.1f s; quiet after %.1f s",
            seed,
            protocol,
            minutes,
            events,
            rejected,
            commands,
            kills,
            brokerRestarts,
            rebalances,
            startsWithoutBroker,
            endedUnasked.size(),
            longestGapMs / 1e3,
            longestStallMs / 1e3,
            quietMs / 1e3)
        + faults.entrySet().stream()
            .map(e -> String.format(Locale.ROOT, "%n  %-24s %4d", e.getKey(), e.getValue()))
            .collect(Collectors.joining());
  }
}
