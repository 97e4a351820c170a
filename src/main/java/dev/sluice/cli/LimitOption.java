package dev.sluice.cli;

import picocli.CommandLine.Option;

/** Option for the maximum number of items. */
final class LimitOption {

  @Option(
      names = "--max",
      paramLabel = "N",
      defaultValue = "1000",
      description = "Maximum number of items. Default: ${DEFAULT-VALUE}.")
  private int max = 1_000;

  int max() {
    return max;
  }
}
