package dev.sluice.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Shows a product's requests. */
@Command(
    name = "requests",
    mixinStandardHelpOptions = true,
    description = {"Show the requests for a product."})
final class AskRequests implements Runnable {

  @Parameters(paramLabel = "PRODUCT", description = "The product's id.")
  private String product = "";

  @Mixin private LimitOption length = new LimitOption();

  @Mixin private ApiOptions api = new ApiOptions();

  @Override
  public void run() {
    api.show(
        api.list(ApiOptions.under("/v1/products/", product, "requests"), length.max()),
        "requestId",
        "userId",
        "state",
        "stage",
        "waitsFor.approvers",
        "waitsFor.approvedBy",
        "lapsesAt",
        "startsAt",
        "since",
        "expiresAt");
  }
}
