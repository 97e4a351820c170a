package dev.sluice;

import dev.sluice.cli.SluiceCommand;

/** The program's entry. */
public final class Sluice {
  private Sluice() {}

  /** Runs the command line and exits with its status. */
  public static void main(String[] args) {
    var status = 1;
    try {
      status = SluiceCommand.execute(args);
    } catch (Throwable e) {
      // Other threads would keep the process, half dead.
      e.printStackTrace();
      Runtime.getRuntime().halt(status);
    }
    System.exit(status);
  }
}
