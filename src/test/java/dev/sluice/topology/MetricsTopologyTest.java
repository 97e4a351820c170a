package dev.sluice.topology;

import static dev.sluice.event.Events.approved;
import static dev.sluice.event.Events.deleted;
import static dev.sluice.event.Events.published;
import static dev.sluice.event.Events.requested;
import static dev.sluice.event.Events.suspended;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.access.AccessObserver;
import dev.sluice.event.Events;
import dev.sluice.metrics.ExpositionFormat;
import dev.sluice.metrics.WorkerMetrics;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The metrics of the whole topology. */
class MetricsTopologyTest {
  private final WorkerMetrics metrics = new WorkerMetrics();
  private final Driver driver =
      new Driver(metrics.events(), AccessObserver.all(metrics.observers().access()));

  @AfterEach
  void close() {
    driver.close();
    metrics.close();
  }

  private List<String> series() {
    return metrics.scrape(ExpositionFormat.TEXT).lines().filter(l -> !l.startsWith("#")).toList();
  }

  private List<String> names() {
    return series().stream().map(line -> line.substring(0, line.lastIndexOf(' '))).toList();
  }

  @Test
  void shouldHaveAsManySeriesWithTenThousandUsersProductsAndSourceTypesAsWithFifty() {
    load(0, 60);
    var few = names();

    load(60, 10_000);

    assertThat(names()).containsExactlyInAnyOrderElementsOf(few).doesNotHaveDuplicates();
    assertThat(few).noneMatch(name -> name.contains("user-") || name.contains("product-"));
    assertThat(few.stream().filter(name -> name.contains("type-"))).hasSize(50);
  }

  private void load(int from, int to) {
    for (int i = from; i < to; i++) {
      var product = "product-" + i;
      driver.put(published(product, List.of(Events.source("source-" + i, "type-" + i))));
      driver.put(approved(product, "request-" + i, "user-" + i));
    }
  }

  @Test
  void shouldCountWhatIsHeldAsItChanges() {
    driver.given(
        published("p1", "s1"),
        published("p2", "s2"),
        published("p3", "s3"),
        approved("p1", "r1", "ana"),
        approved("p2", "r2", "ana"),
        approved("p3", "r3", "ben"),
        approved("p3", "r4", "ben"),
        suspended("p2"),
        deleted("p1"));

    assertThat(series())
        .contains(
            "sluice_products{state=\"active\"} 1.0",
            "sluice_products{state=\"suspended\"} 1.0",
            "sluice_products{state=\"deleted\"} 1.0",
            "sluice_requests{state=\"approved\"} 3.0",
            "sluice_memberships 2.0");
  }

  @Test
  void shouldHaveWhatCanBecomeOfEachEventAtZeroFromTheStart() {
    assertThat(series())
        .contains(
            "sluice_events_total{outcome=\"not_approved\",type=\"AccessRevoked\"} 0.0",
            "sluice_events_total{outcome=\"wrong_partition\",type=\"ProductSuspended\"} 0.0",
            "sluice_events_total{outcome=\"applied\",type=\"DataSourcesReplaced\"} 0.0",
            "sluice_events_total{outcome=\"unreadable\",type=\"unknown\"} 0.0",
            "sluice_events_total{outcome=\"expiry\",type=\"time\"} 0.0");
    var before = names();

    driver.put(Events.allRevoked("p1", "ana"));

    assertThat(series())
        .contains("sluice_events_total{outcome=\"unknown_product\",type=\"AccessRevoked\"} 1.0");
    assertThat(names()).containsExactlyInAnyOrderElementsOf(before);
  }

  @Test
  void shouldCountEventsByOutcomeAndCommandsByReason() {
    driver.given(
        published("p1", "s1", "s2"),
        approved("p1", "r1", "ana"),
        suspended("p1"),
        suspended("p1"),
        requested("p9", "r9", "ana"));

    assertThat(series())
        .contains(
            "sluice_rejected_events_total{reason=\"unknown_product\"} 1.0",
            "sluice_rejected_events_total{reason=\"unreadable\"} 0.0",
            "sluice_events_total{outcome=\"applied\",type=\"ProductSuspended\"} 1.0",
            "sluice_events_total{outcome=\"no_op\",type=\"ProductSuspended\"} 1.0",
            "sluice_commands_total{action=\"grant\",reason=\"access_approved\",source_type=\"Snowflake\"}"
                + " 2.0",
            "sluice_commands_total{action=\"revoke\",reason=\"product_suspended\",source_type=\"Snowflake\"}"
                + " 2.0",
            "sluice_command_latency_seconds_count 4");
  }

  @Test
  void shouldTellHowFarSweepsAre() {
    driver.given(
        published("p1", "s1"),
        approved("p1", "r1", "ana"),
        approved("p1", "r2", "ben"),
        approved("p1", "r3", "cleo"),
        approved("p1", "r4", "dan"),
        suspended("p1"));

    // One was done with the event, another when it was looked.
    driver.pass(Duration.ofMillis(100));
    assertThat(series()).contains("sluice_sweeps 1.0", "sluice_sweep_members_left 2.0");

    for (int i = 0; i < 5; i++) {
      driver.pass(Duration.ofMillis(100));
    }
    assertThat(series())
        .contains(
            "sluice_sweeps 0.0",
            "sluice_sweep_members_left 0.0",
            "sluice_sweep_oldest_age_seconds 0.0");
  }

  @Test
  void shouldForgetWhatATaskHeldThatIsClosed() {
    try (var other =
        new Driver(metrics.events(), AccessObserver.all(metrics.observers().access()))) {
      other.given(published("p1", "s1"), approved("p1", "r1", "ana"));
      assertThat(series())
          .contains("sluice_products{state=\"active\"} 1.0", "sluice_memberships 1.0");
    }

    assertThat(series())
        .contains("sluice_products{state=\"active\"} 0.0", "sluice_memberships 0.0");
  }
}
