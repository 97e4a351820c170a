package dev.sluice;

import dev.sluice.cli.SluiceCommand;

/** The program's entry. */
public final class Sluice {
  private Sluice() {}

  /** Runs the command line and exits with its status. */
  public static void main(String[] args) {
    System.exit(SluiceCommand.execute(args));
  }
}
