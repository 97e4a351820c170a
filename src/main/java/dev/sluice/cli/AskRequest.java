package dev.sluice.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Shows a request with its history. */
@Command(
    name = "request",
    mixinStandardHelpOptions = true,
    description = {"Show a request: its state, and who decided what."})
final class AskRequest implements Runnable {

  @Parameters(paramLabel = "REQUEST", description = "The request's id.")
  private String request = "";

  @Mixin private ApiOptions api = new ApiOptions();

  @Override
  public void run() {
    for (var found : api.get("/v1/requests/" + ApiOptions.id(request)).get("items")) {
      api.show(
          found,
          "requestId",
          "productId",
          "userId",
          "state",
          "stage",
          "stageCount",
          "waitsFor",
          "lapsesAt",
          "startsAt",
          "requestedAt",
          "since",
          "expiresAt",
          "reason");
      if (!api.isJson()) {
        var steps = new ArrayList<JsonNode>();
        found.get("history").forEach(steps::add);
        Terminal.line();
        api.show(steps, "at", "state", "stage", "by", "reason");
      }
    }
  }
}
