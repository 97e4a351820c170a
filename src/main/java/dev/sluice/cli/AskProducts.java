package dev.sluice.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The products. */
@Command(
    name = "products",
    mixinStandardHelpOptions = true,
    description = {"Ask a worker which products there are."})
final class AskProducts implements Runnable {

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
        api.list("/v1/products", max),
        "productId",
        "state",
        "revision",
        "sources",
        "members",
        "name");
  }
}
