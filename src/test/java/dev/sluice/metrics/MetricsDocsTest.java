package dev.sluice.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.access.AccessDiff.Change;
import dev.sluice.access.AccessObserver;
import dev.sluice.access.ChangeCause;
import dev.sluice.config.SluiceConfig;
import dev.sluice.delivery.Command;
import dev.sluice.delivery.CommandAction;
import dev.sluice.delivery.CommandNumber;
import dev.sluice.delivery.Deliveries;
import dev.sluice.delivery.ErrorClass;
import dev.sluice.topology.DeliveryDriver;
import dev.sluice.update.AccessUpdate.Trigger;
import dev.sluice.update.CommandReason;
import dev.sluice.update.SourceRef;
import dev.sluice.worker.WorkerMonitor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Holds docs/metrics.md to the definitions, and the definitions to what is scraped. */
class MetricsDocsTest {
  private static final Path FILE = Path.of("docs/metrics.md");
  private static final Pattern LABEL = Pattern.compile("([a-z_]+)=\"");

  @Test
  void shouldDescribeEveryMetricThatThereIs() throws Exception {
    if (Boolean.getBoolean("sluice.docs.write")) {
      Files.writeString(FILE, MetricsDocs.render());
    }
    assertThat(Files.readString(FILE)).isEqualTo(MetricsDocs.render());
  }

  /** Has commands of each kind. */
  private static void deliver(DeliveryDriver driver, DeliveryMetrics metrics) {
    driver.tell(metrics);
    var late = driver.now().minus(Duration.ofDays(1)).toEpochMilli();
    var failed = command("ana", late);
    var held = command("ben", late);
    driver.put(failed);
    driver.put(Deliveries.failed(failed, ErrorClass.PERMANENT, "no", late));
    driver.put(held);
    driver.put(Deliveries.held(held, late));
    driver.lookForOverdue();
  }

  private static Command command(String user, long atMs) {
    return new Command(
        user,
        new SourceRef("s", "t"),
        CommandAction.REVOKE,
        new CommandNumber(0, 1),
        "p",
        "SOURCE_REMOVED",
        atMs);
  }

  @Test
  void shouldServeEveryMetricAsItIsDescribedAndNoOther() {
    try (var metrics = new WorkerMetrics();
        var delivery = new DeliveryDriver("metrics-docs");
        var watch =
            new WorkerMonitor(
                SluiceConfig.of(Map.of("bootstrap.servers", "127.0.0.1:1")), w -> {})) {
      metrics.show(watch);
      metrics.showDisk(Path.of("."));
      metrics.showTokens(() -> true);
      metrics.showDelivery(watch);
      deliver(delivery, metrics.delivery());
      metrics.events().decided("ProductPublished", "applied");
      metrics.events().fellDue("expiry", 5);
      metrics.api().answered("/v1/products", 200, 0.1);
      var changeCause = new ChangeCause("p", CommandReason.ACCESS_APPROVED, new Trigger("e", 0), 1);
      AccessObserver.all(metrics.observers().access())
          .emitted(new Change(true, new SourceRef("s", "t"), changeCause, List.of()), 3);

      var lines = metrics.scrape(ExpositionFormat.TEXT).lines().toList();

      for (var metric : Metric.values()) {
        var name = metric.prometheusName();
        assertThat(lines)
            .contains("# TYPE " + name + " " + metric.kind())
            .contains("# HELP " + name + " " + metric.help());
        var labels = new TreeSet<String>();
        lines.stream()
            .filter(line -> line.matches(name + "(_bucket|_count|_sum)?[{ ].*"))
            .forEach(line -> LABEL.matcher(line).results().forEach(m -> labels.add(m.group(1))));
        labels.remove("le");
        assertThat(labels).as(name).containsExactlyInAnyOrderElementsOf(metric.labels());
      }
      assertThat(
              lines.stream()
                  .filter(line -> line.startsWith("# TYPE sluice_"))
                  .map(line -> line.split(" ")[2]))
          .containsExactlyInAnyOrderElementsOf(
              Arrays.stream(Metric.values()).map(Metric::prometheusName).toList());
    }
  }
}
