package dev.sluice.prom;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The queries of the dashboards in deploy/. */
public final class Dashboards {
  private static final Path FOLDER = Path.of("deploy/grafana/dashboards");

  /**
   * A panel.
   *
   * @param dashboard the title of its dashboard
   * @param unit what its values are, by Grafana's name
   */
  public record Panel(String dashboard, String title, String unit, List<Target> targets) {}

  /**
   * One expression of a panel.
   *
   * @param expression with every worker chosen, over minutes
   * @param legend how its series are called: text with labels in double braces
   */
  public record Target(String expression, String legend) {}

  /**
   * One expression of a panel.
   *
   * @param panel the dashboard's title and the panel's
   * @param expression with every worker chosen, over minutes
   */
  public record Question(String panel, String expression) {}

  private Dashboards() {}

  /** All panels of all dashboards. */
  public static List<Panel> panels() throws IOException {
    var panels = new ArrayList<Panel>();
    try (var files = Files.list(FOLDER)) {
      for (var file : files.sorted().toList()) {
        var dashboard = new ObjectMapper().readTree(file.toFile());
        collect(dashboard.get("title").asText(), dashboard, panels);
      }
    }
    return panels;
  }

  /** All questions of all dashboards. */
  public static List<Question> questions() throws IOException {
    return panels().stream()
        .flatMap(
            panel ->
                panel.targets().stream()
                    .map(
                        target ->
                            new Question(
                                panel.dashboard() + " / " + panel.title(), target.expression())))
        .toList();
  }

  private static void collect(String title, JsonNode holder, List<Panel> into) {
    for (var panel : holder.path("panels")) {
      collect(title, panel, into);
      var targets = new ArrayList<Target>();
      for (var target : panel.path("targets")) {
        targets.add(
            new Target(
                target
                    .get("expr")
                    .asText()
                    .replace("$instance", ".*")
                    .replace("$__rate_interval", "5m"),
                target.path("legendFormat").asText()));
      }
      if (!targets.isEmpty()) {
        into.add(
            new Panel(
                title,
                panel.get("title").asText(),
                panel.at("/fieldConfig/defaults/unit").asText(),
                targets));
      }
    }
  }
}
