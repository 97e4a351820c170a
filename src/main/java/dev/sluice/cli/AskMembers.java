package dev.sluice.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Shows a product's members. */
@Command(
    name = "members",
    mixinStandardHelpOptions = true,
    description = {"Show the members of a product."})
final class AskMembers implements Runnable {

  @Parameters(paramLabel = "PRODUCT", description = "The product's id.")
  private String product = "";

  @Mixin private LimitOption length = new LimitOption();

  @Mixin private ApiOptions api = new ApiOptions();

  @Override
  public void run() {
    api.show(
        api.list(ApiOptions.under("/v1/products/", product, "members"), length.max()),
        "userId",
        "spreading");
  }
}
