package dev.sluice.cli;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Unmatched;

/** Placeholder for a command that is not in this installation; reports where to find it. */
@Command(hidden = true)
final class AbsentCommand implements Runnable {
  private final String name;

  /** Arguments of the command, {@code --help} included. */
  @Unmatched private List<String> arguments = new ArrayList<>();

  AbsentCommand(String name) {
    this.name = name;
  }

  @Override
  public void run() {
    throw DevelopmentTools.absent(name);
  }
}
