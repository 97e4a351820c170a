package dev.sluice.cli;

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
    api.show(
        api.list(ApiOptions.under("/v1/users/", user, "access"), length.max()),
        "sourceId",
        "sourceType",
        "spreading",
        "givenBy");
  }
}
