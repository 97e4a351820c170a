package dev.sluice.cli;

import dev.sluice.check.CheckReport;
import dev.sluice.check.CheckRunner;
import dev.sluice.check.Finding;
import dev.sluice.config.InvalidConfigException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Checks whether a worker could start. */
@Command(
    name = "check",
    mixinStandardHelpOptions = true,
    description = {
      "Check everything that a worker with this configuration needs: files, folder, port, schema"
          + " registry, brokers, topics, rights, offsets. Changes nothing. Exit status: 0 if a"
          + " worker could start, 1 if it could not."
    })
final class CheckCommand implements Callable<Integer> {

  @Mixin private ConfigOptions options = new ConfigOptions();

  @Mixin private DeliveryOption delivery = new DeliveryOption();

  @Option(names = "--output", description = "${COMPLETION-CANDIDATES}; default ${DEFAULT-VALUE}.")
  private OutputFormat outputFormat = OutputFormat.table;

  @Override
  public Integer call() {
    QuietLog.begin();
    var checkReport = report();
    if (outputFormat == OutputFormat.json) {
      checkReport.json().forEach(Terminal::json);
    } else {
      Terminal.lines(checkReport.lines());
    }
    return checkReport.failed() ? 1 : 0;
  }

  private CheckReport report() {
    try {
      var config = options.load();
      return CheckRunner.run(config, delivery.isWanted(config));
    } catch (InvalidConfigException e) {
      return new CheckReport(
          List.of(Finding.failed("configuration", Finding.quoting(e.getMessage()))));
    }
  }
}
