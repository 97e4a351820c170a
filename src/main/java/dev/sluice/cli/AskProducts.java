package dev.sluice.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Lists products. */
@Command(
    name = "products",
    mixinStandardHelpOptions = true,
    description = {"List all products."})
final class AskProducts implements Runnable {

  @Mixin private LimitOption length = new LimitOption();

  @Mixin private ApiOptions api = new ApiOptions();

  @Override
  public void run() {
    api.show(
        api.list("/v1/products", length.max()),
        "productId",
        "state",
        "revision",
        "sources",
        "members",
        "name");
  }
}
