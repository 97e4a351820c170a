package dev.sluice.cli;

import dev.sluice.config.SluiceConfig;
import dev.sluice.runtime.RegistrySetup;
import dev.sluice.runtime.StartChecks;
import dev.sluice.runtime.TopicSetup;
import dev.sluice.runtime.TopicSetup.Finding;
import java.util.function.Function;
import org.apache.kafka.clients.admin.Admin;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Looks after the topics. */
@Command(
    name = "topics",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "(list | create | check)",
    description = "List, create or check the topics.")
final class TopicsCommand {

  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "Show the topics that Sluice uses, and how they are.")
  int list(@Mixin ConfigOptions options) {
    return with(
        options,
        setup -> {
          setup.check().forEach(TopicsCommand::print);
          return 0;
        });
  }

  @Command(
      name = "create",
      mixinStandardHelpOptions = true,
      description =
          "Create the topics that are missing, and register what is written to them; fails if a"
              + " topic that is there is wrong.")
  int create(@Mixin ConfigOptions options) {
    return with(
        options,
        setup -> {
          var made = setup.ensure();
          made.forEach(topic -> System.out.println("created " + topic));
          if (made.isEmpty()) {
            System.out.println("nothing to do: all topics are there, and right");
          }
          var registry = RegistrySetup.ensure(options.load());
          registry.done().forEach(System.out::println);
          registry.warnings().forEach(warning -> System.err.println("sluice: " + warning));
          return 0;
        });
  }

  @Command(
      name = "check",
      mixinStandardHelpOptions = true,
      description = "Say what is missing or wrong, and what to do; exit status 1 if anything is.")
  int check(@Mixin ConfigOptions options) {
    return with(
        options,
        setup -> {
          int status = 0;
          for (var finding : setup.check()) {
            if (finding.missing()) {
              status = 1;
              System.out.println(
                  "topic " + finding.topic() + " is missing: run ./sluice topics create");
            } else if (finding.problem() != null) {
              status = 1;
              System.out.println(finding.problem());
            } else if (finding.warning() != null) {
              System.out.println("warning: " + finding.warning());
            }
          }
          if (status == 0) {
            System.out.println("all topics are there, and right");
          }
          return status;
        });
  }

  private static int with(ConfigOptions options, Function<TopicSetup, Integer> work) {
    SluiceConfig config = options.load();
    try (var admin = Admin.create(config.clientConfig())) {
      StartChecks.reach(admin, config);
      return work.apply(new TopicSetup(admin, config));
    }
  }

  private static void print(Finding finding) {
    System.out.printf(
        "%-40s %s%n",
        finding.topic(),
        finding.missing()
            ? "missing"
            : "%d partitions, cleanup.policy=%s%s%s"
                .formatted(
                    finding.partitions(),
                    finding.cleanup(),
                    finding.retention().isEmpty() ? "" : ", " + finding.retention(),
                    finding.problem() == null ? "" : "; wrong, see: ./sluice topics check"));
  }
}
