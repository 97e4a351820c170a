package dev.sluice.cli;

import dev.sluice.config.DeliveryKeys;
import dev.sluice.config.SluiceConfig;
import picocli.CommandLine.Option;

/** Option of the commands that look at a worker's needs, or at delivery's too. */
final class DeliveryOption {

  @Option(
      names = "--delivery",
      description = {
        "Also what delivery needs, which may run in a process of its own. Implied by"
            + " delivery.enabled=true."
      })
  private boolean delivery;

  /** Returns whether delivery is looked at. */
  boolean isWanted(SluiceConfig config) {
    return delivery || config.get(DeliveryKeys.ENABLED);
  }
}
