package dev.sluice.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Shows the users of a source. */
@Command(
    name = "who",
    mixinStandardHelpOptions = true,
    description = {"Show which users can access a source, and through which products."})
final class AskWho implements Runnable {

  @Parameters(paramLabel = "SOURCE", description = "The source's id.")
  private String source = "";

  @Mixin private SourceTypeOption type = new SourceTypeOption();

  @Mixin private LimitOption length = new LimitOption();

  @Mixin private ApiOptions api = new ApiOptions();

  @Override
  public void run() {
    api.show(
        api.list(type.addedTo(ApiOptions.under("/v1/sources/", source, "users")), length.max()),
        "userId",
        "sourceTypes",
        "productIds",
        "spreading");
  }
}
