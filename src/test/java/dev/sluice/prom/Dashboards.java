package dev.sluice.prom;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What the dashboards of deploy/ ask Prometheus. */
public final class Dashboards {
  private static final Path FOLDER = Path.of("deploy/grafana/dashboards");

  /**
   * One expression of a panel.
   *
   * @param panel the dashboard's title and the panel's
   * @param expression with every worker chosen, over minutes
   */
  public record Question(String panel, String expression) {}

  private Dashboards() {}

  /** All questions of all dashboards. */
  public static List<Question> questions() throws IOException {
    var questions = new ArrayList<Question>();
    try (var files = Files.list(FOLDER)) {
      for (var file : files.sorted().toList()) {
        var dashboard = new ObjectMapper().readTree(file.toFile());
        collect(dashboard.get("title").asText(), dashboard, questions);
      }
    }
    return questions;
  }

  private static void collect(String title, JsonNode holder, List<Question> into) {
    for (var panel : holder.path("panels")) {
      collect(title, panel, into);
      for (var target : panel.path("targets")) {
        var expression =
            target
                .get("expr")
                .asText()
                .replace("$instance", ".*")
                .replace("$__rate_interval", "5m");
        into.add(new Question(title + " / " + panel.get("title").asText(), expression));
      }
    }
  }
}
