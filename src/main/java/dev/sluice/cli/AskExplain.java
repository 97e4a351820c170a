package dev.sluice.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Explains the access of a user to a source. */
@Command(
    name = "explain",
    mixinStandardHelpOptions = true,
    description = {"Explain why a user has, or does not have, access to a source."})
final class AskExplain implements Runnable {

  @Parameters(paramLabel = "USER", description = "The user's id.")
  private String user = "";

  @Parameters(paramLabel = "SOURCE", description = "The source's id.")
  private String source = "";

  @Mixin private SourceTypeOption type = new SourceTypeOption();

  @Mixin private ApiOptions api = new ApiOptions();

  @Override
  public void run() {
    var why =
        api.get(
            type.addedTo(
                "/v1/explain?user="
                    + ApiOptions.encoded(user)
                    + "&source="
                    + ApiOptions.encoded(source)));
    api.show(why, "userId", "sourceId", "sourceTypes", "access", "spreading");
    if (!api.isJson()) {
      var reasons = new ArrayList<JsonNode>();
      why.get("products").forEach(reasons::add);
      Terminal.line();
      api.show(reasons, "productId", "sourceType", "gives", "says");
      if (why.has("delivery")) {
        var delivery = new ArrayList<JsonNode>();
        why.get("delivery").forEach(delivery::add);
        Terminal.line();
        api.show(delivery, "sourceType", "outstanding", "action", "state", "overdueSince", "says");
      }
    }
  }
}
