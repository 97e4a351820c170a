package dev.sluice.cli;

import dev.sluice.app.ExecutorSetup;
import dev.sluice.delivery.Result;
import dev.sluice.executor.platform.Plan;
import dev.sluice.executor.platform.Statement;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Prints the statements that would carry out commands. */
@Command(
    name = "plan",
    mixinStandardHelpOptions = true,
    description = {
      "Print the statements that the configured executor would run for commands. The platform is"
          + " not connected to. Of each user and source, the newest command counts. Exit status: 0"
          + " if all commands would be carried out, 1 if some would not."
    })
final class ExecutorPlanCommand implements Callable<Integer> {

  @Mixin private ConfigOptions options = new ConfigOptions();

  @Option(
      names = "--from",
      paramLabel = "FILE|-",
      required = true,
      description =
          "Commands as JSON lines, as `sluice watch --output json` prints them; - for standard"
              + " input.")
  private String from = "-";

  @Override
  public Integer call() throws IOException {
    var setup = ExecutorSetup.of(options.load());
    try (var target = setup.target()) {
      var plan = new Plan(target, setup.names(), setup.rules());
      var others = 0;
      try (var lines =
          from.equals("-") ? EventLines.reader(System.in) : EventLines.open(Path.of(from))) {
        others = read(lines, setup, plan);
      }
      Terminal.line("-- " + target.describe());
      var refused = plan.run(ExecutorPlanCommand::print);
      refused.forEach(ExecutorPlanCommand::print);
      if (others > 0) {
        Terminal.note("%,d commands are of other source types.", others);
      }
      return refused.isEmpty() ? 0 : 1;
    }
  }

  /** Returns how many commands are of other source types. */
  private int read(BufferedReader lines, ExecutorSetup setup, Plan plan) throws IOException {
    var name = from.equals("-") ? "standard input" : from;
    var number = 0;
    var others = 0;
    for (var line = lines.readLine(); line != null; line = lines.readLine()) {
      number++;
      var command = WatchedCommand.read(line, "%s:%d".formatted(name, number));
      if (command == null) {
        continue;
      }
      if (setup.sourceTypes().contains(command.source().sourceType())) {
        plan.add(command);
      } else {
        others++;
      }
    }
    return others;
  }

  private static void print(Plan.Planned step) {
    Terminal.line();
    Terminal.line(
        "-- %s %s, users: %d".formatted(step.action(), step.source(), step.places().size()));
    step.statements().forEach(ExecutorPlanCommand::print);
  }

  private static void print(Statement statement) {
    if (statement.unless() != null) {
      Terminal.line("-- the next one is left out if this gives true: " + statement.unless());
    }
    if (statement.refusal() != null) {
      Terminal.line("-- the next one is refused if this gives a row: " + statement.refusal());
    }
    Terminal.line(statement.sql() + ";");
  }

  private static void print(Result result) {
    Terminal.line(
        "-- %s %s of %s to %s: %s"
            .formatted(
                result.outcome(),
                result.action(),
                result.source(),
                result.userId(),
                result.details().message()));
  }
}
