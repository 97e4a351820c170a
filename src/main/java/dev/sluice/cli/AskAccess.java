package dev.sluice.cli;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Shows the sources of a user. */
@Command(
    name = "access",
    mixinStandardHelpOptions = true,
    description = {"Show which sources a user can access, and through which products."})
final class AskAccess implements Runnable {

  @Parameters(paramLabel = "USER", description = "The user's id.")
  private String user = "";

  @Mixin private LimitOption length = new LimitOption();

  @Mixin private ApiOptions api = new ApiOptions();

  @Override
  public void run() {
    var items = api.list(ApiOptions.under("/v1/users/", user, "access"), length.max());
    var fields = new ArrayList<>(List.of("sourceId", "sourceType", "spreading", "givenBy"));
    if (items.stream().anyMatch(item -> item.has("delivery"))) {
      fields.add("delivery.says");
    }
    api.show(items, fields.toArray(String[]::new));
  }
}
