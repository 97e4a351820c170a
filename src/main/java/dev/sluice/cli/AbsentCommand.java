package dev.sluice.cli;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Unmatched;

/** Stands for a command that this installation does not have, and says where it is. */
@Command(hidden = true)
final class AbsentCommand implements Runnable {
  private final String name;

  /** Whatever the command would have taken, {@code --help} included. */
  @Unmatched private List<String> arguments = new ArrayList<>();

  AbsentCommand(String name) {
    this.name = name;
  }

  @Override
  public void run() {
    throw DevelopmentTools.absent(name);
  }
}
