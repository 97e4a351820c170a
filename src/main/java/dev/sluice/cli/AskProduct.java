package dev.sluice.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Shows one product. */
@Command(
    name = "product",
    mixinStandardHelpOptions = true,
    description = {"Show a product: its state, sources, approvers and counters."})
final class AskProduct implements Runnable {

  @Parameters(paramLabel = "PRODUCT", description = "The product's id.")
  private String product = "";

  @Mixin private ApiOptions api = new ApiOptions();

  @Override
  public void run() {
    api.show(
        api.get("/v1/products/" + ApiOptions.id(product)),
        "productId",
        "name",
        "description",
        "state",
        "stateSince",
        "revision",
        "sources",
        "removedSources",
        "stages",
        "pendingFor",
        "maxDuration",
        "members",
        "requests",
        "spreading",
        "sweeps");
  }
}
