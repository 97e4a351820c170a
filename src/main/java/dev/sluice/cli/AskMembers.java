package dev.sluice.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A product's members. */
@Command(
    name = "members",
    mixinStandardHelpOptions = true,
    description = {"Ask a worker who is a member of a product."})
final class AskMembers implements Runnable {

  @Parameters(paramLabel = "PRODUCT", description = "The product's id.")
  private String product = "";

  @Option(
      names = "--max",
      paramLabel = "N",
      defaultValue = "1000",
      description = "So many at most. Default: ${DEFAULT-VALUE}.")
  private int max = 1_000;

  @Mixin private ApiOptions api = new ApiOptions();

  @Override
  public void run() {
    api.show(
        api.list(ApiOptions.under("/v1/products/", product, "members"), max),
        "userId",
        "spreading");
  }
}
