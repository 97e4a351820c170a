package dev.sluice.metrics;

import java.util.stream.Collectors;

/** Writes docs/metrics.md from the definitions of the metrics. */
final class MetricsDocs {
  private static final String HEAD =
      """
      # Metrics

      <!-- Made from dev.sluice.metrics.Metric; `mvn test -Dtest=MetricsDocsTest -Dsluice.docs.write=true` writes it anew. -->

      `run` serves them at `/metrics` on `http.port`, in Prometheus' text format, or as OpenMetrics where the request asks
      for it. No label has a user, product, source, request or event for its value, so the number of series does not grow
      with what the worker holds.

      Counters count what was done, not what was committed: where a transaction is aborted, its events are processed again
      and counted again. `sluice_transactions_total{outcome="aborted"}` says whether that happened. The topics are exact.
      Gauges say what this worker holds of its own partitions, so a sum over all workers is the whole.

      | name | type | unit | labels | meaning |
      |---|---|---|---|---|
      """;

  private static final String TAIL =
      """

      ## Of others

      | names | of |
      |---|---|
      | `kafka_consumer_…`, `kafka_producer_…`, `kafka_stream_…` | Kafka's clients and Streams, as they count themselves, those that are used alone: the size of RocksDB's files and about how many keys each store has, heartbeats, failed rebalances, records read and written, failed records, how each thread shares its time |
      | `jvm_…` | memory, garbage collection and threads of the Java virtual machine |
      | `process_…`, `system_…` | processor, open files, uptime |

      ## What to look at first

      | question | metric |
      |---|---|
      | Does it keep up? | `sluice_input_lag_seconds`, `sluice_input_lag_records` |
      | Does it live, with nothing to do? | `sluice_last_poll_age_seconds` stays small while `sluice_last_event_age_seconds` grows |
      | Does it hang? | `sluice_last_poll_age_seconds` grows |
      | Is bad input coming in? | `sluice_rejected_events_total` by `reason` |
      | How long does access take to follow? | `sluice_command_latency_seconds` |
      | Is there room for the state? | `sluice_state_disk_free_bytes` |
      | Does access end in time? | `sluice_expiry_delay_seconds`, `sluice_overdue_age_seconds` |
      """;

  private MetricsDocs() {}

  static String render() {
    var text = new StringBuilder(HEAD);
    for (var metric : Metric.values()) {
      text.append(
          "| `%s` | %s | %s | %s | %s |\n"
              .formatted(
                  metric.prometheusName(),
                  metric.kind(),
                  metric.unit() == null ? "" : metric.unit(),
                  metric.labels().stream()
                      .map(l -> "`" + l + "`")
                      .collect(Collectors.joining(", ")),
                  metric.meaning()));
    }
    return text.append(TAIL).toString();
  }
}
