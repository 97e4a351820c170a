package dev.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.prom.Dashboards.Question;
import dev.sluice.prom.PrometheusServer;
import dev.sluice.prom.Rules;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;

/** Some of the alerts that a Prometheus has, and when each of them became true. */
final class AlertWatch {
  /** In what is about delivery. */
  private static final Pattern DELIVERY = Pattern.compile("sluice_delivery_|sluice-delivery");

  private final PrometheusServer prometheus;
  private final int shortened;
  private final Duration atMost;
  private final Map<String, String> alerts;
  private final List<String> table = new ArrayList<>();

  /**
   * @param shortened what the times of all rules are divided by
   * @param atMost maximum wait until a change is visible
   * @param which by their expressions
   */
  AlertWatch(PrometheusServer prometheus, int shortened, Duration atMost, Predicate<String> which) {
    this.prometheus = prometheus;
    this.shortened = shortened;
    this.atMost = atMost;
    alerts = new LinkedHashMap<>(prometheus.alerts());
    alerts.values().removeIf(which.negate());
  }

  /** Whether an alert or a question is about delivery. */
  static boolean isAboutDelivery(String expression) {
    return DELIVERY.matcher(expression).find();
  }

  /** Something done to what is watched. */
  @FunctionalInterface
  interface Deed {
    void run() throws Exception;
  }

  /** How many there are. */
  int count() {
    return alerts.size();
  }

  /** A row for each that was seen. */
  List<String> table() {
    return table;
  }

  boolean isTrue(String alert) {
    return !prometheus.query(alerts.get(alert)).isEmpty();
  }

  /** Whether a question of a dashboard has something to show. */
  boolean answers(Question question) {
    return prometheus.query(Rules.shortened(question.expression(), shortened)).stream()
        .anyMatch(series -> !Double.isNaN(series.value()));
  }

  /** Waits until none is true. */
  void awaitNone() {
    Awaitility.await("no alert is true")
        .atMost(atMost)
        .untilAsserted(() -> assertThat(alerts.keySet().stream().filter(this::isTrue)).isEmpty());
  }

  /** Does what must make it true, and waits until it is. */
  void seen(String alert, String how, Deed deed) throws Exception {
    assertThat(isTrue(alert)).as(alert + " ahead of its time").isFalse();
    var began = System.nanoTime();
    deed.run();
    seen(alert, how, began, () -> isTrue(alert));
  }

  /**
   * Waits until it is true.
   *
   * @param began when the fault began, in nanoseconds
   */
  void seen(String alert, String how, long began, Callable<Boolean> isSeen) {
    Awaitility.await(alert + ", since " + how).atMost(atMost).until(isSeen);
    var row = "| %s | %s | %.0f s |".formatted(alert, how, (System.nanoTime() - began) / 1e9);
    System.out.println(row);
    table.add(row);
  }
}
