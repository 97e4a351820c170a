package dev.sluice.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Previews an event. */
@Command(
    name = "preview",
    mixinStandardHelpOptions = true,
    description = {
      "Show what an event would do if it came now: who would gain and lose which sources. Changes"
          + " nothing."
    })
final class AskPreview implements Callable<Integer> {

  @Parameters(paramLabel = "FILE|-", description = "One event as JSON; - for standard input.")
  private String file = "-";

  @Mixin private ApiOptions api = new ApiOptions();

  @Override
  public Integer call() throws IOException {
    try (var lines =
        file.equals("-") ? EventLines.reader(System.in) : EventLines.open(Path.of(file))) {
      var text = new StringBuilder();
      lines.lines().forEach(line -> text.append(line).append('\n'));
      show(api.post("/v1/preview", text.toString()));
    }
    return 0;
  }

  private void show(JsonNode preview) {
    api.show(
        preview,
        "outcome",
        "reason",
        "message",
        "grants.count",
        "revokes.count",
        "users.count",
        "sources.count",
        "complete");
    if (!api.isJson()) {
      for (var action : new String[] {"grants", "revokes"}) {
        var first = new ArrayList<JsonNode>();
        preview.get(action).get("first").forEach(first::add);
        if (!first.isEmpty()) {
          Terminal.line();
          Terminal.line(action);
          api.show(first, "userId", "sourceId", "sourceType", "productId", "reason");
        }
      }
    }
  }
}
