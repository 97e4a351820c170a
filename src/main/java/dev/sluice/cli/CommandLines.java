package dev.sluice.cli;

import dev.sluice.avro.AccessCommand;

/** Formats commands as lines for people. */
public final class CommandLines {

  private CommandLines() {}

  public static String of(AccessCommand c) {
    return "%-6s %-10s %-24s %-12s %-18s through %s"
        .formatted(
            c.getAction(),
            c.getUserId(),
            c.getSourceId(),
            c.getSourceType(),
            c.getReason(),
            c.getProductId());
  }
}
