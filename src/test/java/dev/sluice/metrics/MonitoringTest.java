package dev.sluice.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.prom.Dashboards;
import dev.sluice.testing.Requirement;
import dev.sluice.testing.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Holds the alerts and dashboards of deploy/ to the metrics, the runbook and Prometheus' rules. */
class MonitoringTest {
  private static final Path FOLDER = Path.of("deploy/prometheus");
  private static final Path NOTHING = Path.of("/dev/null");

  /** Not the middle of a recorded one's name. */
  private static final Pattern METRIC = Pattern.compile("(?<![:\\w])sluice_[a-z_]+");

  private static final Pattern RECORDED = Pattern.compile("[a-z_]+:sluice_[a-z_]+:[a-z0-9_]+");

  private static String read(String file) throws IOException {
    return Files.readString(FOLDER.resolve(file));
  }

  private static Set<String> found(Pattern pattern, String text) {
    return pattern.matcher(text).results().map(m -> m.group()).collect(Collectors.toSet());
  }

  /** The rules of the alerts, each from its name on. */
  private static List<String> alerts() throws IOException {
    return Arrays.stream(read("rules.yml").split("- alert: ")).skip(1).toList();
  }

  private static String name(String alert) {
    return alert.lines().findFirst().orElseThrow();
  }

  @Test
  void shouldAskForNoMetricThatThereIsNot() throws Exception {
    var there = new TreeSet<String>();
    for (var metric : Metric.values()) {
      there.add(metric.prometheusName());
      if (metric.kind().equals("histogram")) {
        there.add(metric.prometheusName() + "_bucket");
      }
    }
    var rules = read("rules.yml");
    var asked = new StringBuilder(rules);
    Dashboards.questions().forEach(q -> asked.append(q.expression()).append('\n'));

    assertThat(found(METRIC, asked.toString())).isNotEmpty().isSubsetOf(there);
    var recorded = found(Pattern.compile("(?<=record: )\\S+"), rules);
    assertThat(found(RECORDED, asked.toString())).isEqualTo(recorded);
  }

  @Test
  void shouldSayOfEveryAlertHowGraveItIsAndWhatToDo() throws Exception {
    var runbook = Files.readString(Path.of("docs/runbook.md"));
    for (var alert : alerts()) {
      var name = name(alert);
      assertThat(alert)
          .as(name)
          .containsPattern("severity: (critical|warning)}")
          .containsPattern("\n +# .+\n(?: +# .+\n)* +for: \\d+m\n")
          .containsPattern("summary: \\S")
          .containsPattern("description: \\S")
          .contains("runbook: docs/runbook.md#" + name.toLowerCase(Locale.ROOT) + "\n");
      assertThat(runbook).contains("\n### " + name + "\n");
    }
    assertThat(found(Pattern.compile("(?<=\n### )Sluice\\w+"), runbook))
        .containsExactlyInAnyOrderElementsOf(alerts().stream().map(MonitoringTest::name).toList());
  }

  @Test
  void shouldLeadFromTheDashboardsToSectionsOfTheRunbookThatThereAre() throws Exception {
    var sections =
        alerts().stream()
            .map(alert -> name(alert).toLowerCase(Locale.ROOT))
            .collect(Collectors.toSet());
    try (var files = Files.list(Path.of("deploy/grafana/dashboards"))) {
      for (var file : files.toList()) {
        var linked = found(Pattern.compile("(?<=runbook\\.md#)\\w+"), Files.readString(file));
        assertThat(linked).as(file.toString()).isNotEmpty().isSubsetOf(sections);
      }
    }
  }

  @Test
  void shouldTryEveryAlertWhereItFiresAndWhereItMustNot() throws Exception {
    var tests = read("rules-test.yml");
    for (var alert : alerts()) {
      assertThat(tests)
          .contains("name: " + name(alert) + " fires ")
          .contains("name: " + name(alert) + " does not fire ")
          .contains("alertname=\"" + name(alert) + "\"");
    }
  }

  @Test
  void shouldHaveRulesThatPrometheusTakesAndThatFireAsTheyShould() throws Exception {
    Requirement.PROMETHEUS.requireOnPath("promtool");

    assertThat(Tool.run(NOTHING, "promtool", "check", "rules", FOLDER + "/rules.yml"))
        .contains("SUCCESS");
    assertThat(Tool.run(NOTHING, "promtool", "check", "config", FOLDER + "/prometheus.yml"))
        .contains("SUCCESS");
    assertThat(Tool.run(NOTHING, "promtool", "test", "rules", FOLDER + "/rules-test.yml"))
        .contains("SUCCESS");
  }
}
