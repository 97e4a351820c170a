package dev.sluice.metrics;

import java.util.stream.Collectors;

/** Writes docs/metrics.md from the definitions of the metrics. */
final class MetricsDocs {
  private static final String HEAD =
      """
      # Metrics

      <!-- Generated from dev.sluice.metrics.Metric by `mvn test -Dtest=MetricsDocsTest -Dsluice.docs.write=true`. -->

      `run` serves them at `/metrics` on `http.port`, in Prometheus' text format, or as OpenMetrics if the request asks
      for it. No label value is a user, product, source, request or event. Therefore the number of series does not grow
      with the worker's state.

      Counters count work, not commits: events of an aborted transaction are processed and counted again.
      `sluice_transactions_total{outcome="aborted"}` counts aborted transactions. The topics are exact.
      Gauges cover the worker's own partitions; the sum over all workers is the total.

      | name | type | unit | labels | meaning |
      |---|---|---|---|---|
      """;

  private static final String TAIL =
      """

      ## Metrics of Kafka and Java

      | names | content |
      |---|---|
      | `kafka_consumer_…`, `kafka_producer_…`, `kafka_stream_…` | Kafka's clients and Streams, a selection of their own metrics: the size of RocksDB's files and about how many keys each store has, heartbeats, failed rebalances, records read and written, failed records, how each thread shares its time |
      | `jvm_…` | memory, garbage collection and threads of the Java virtual machine |
      | `process_…`, `system_…` | processor, open files, uptime |

      ## Important metrics

      | question | metric |
      |---|---|
      | Does the worker keep up? | `sluice_input_lag_seconds`, `sluice_input_lag_records` |
      | Is the worker alive without input? | `sluice_last_poll_age_seconds` stays small while `sluice_last_event_age_seconds` grows |
      | Does the worker hang? | `sluice_last_poll_age_seconds` grows |
      | Are events rejected? | `sluice_rejected_events_total` by `reason` |
      | How long until commands are written? | `sluice_command_latency_seconds` |
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
