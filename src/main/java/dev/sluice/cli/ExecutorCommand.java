package dev.sluice.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Groups the commands about the executor. */
@Command(
    name = "executor",
    mixinStandardHelpOptions = true,
    description = "Commands carried out on a platform.",
    subcommands = ExecutorPlanCommand.class)
final class ExecutorCommand implements Runnable {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Name a command of the executor: plan.");
  }
}
