package dev.sluice.cli;

import dev.sluice.config.SluiceConfig;
import dev.sluice.startup.RegistrySetup;
import dev.sluice.startup.TopicSetup;
import dev.sluice.startup.TopicSetup.Finding;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Lists, creates and checks topics. */
@Command(
    name = "topics",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "(list | create | check)",
    description = "List, create or check the topics.")
final class TopicsCommand {

  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "Show the topics that Sluice uses, and their state.")
  int list(@Mixin ConfigOptions options, @Mixin DeliveryOption delivery) {
    return with(
        options,
        delivery,
        setup -> {
          setup.check().forEach(TopicsCommand::print);
          return 0;
        });
  }

  @Command(
      name = "create",
      mixinStandardHelpOptions = true,
      description =
          "Create missing topics, and register their schemas; fails if an existing"
              + " topic is wrong.")
  int create(@Mixin ConfigOptions options, @Mixin DeliveryOption delivery) {
    return with(
        options,
        delivery,
        setup -> {
          var made = setup.ensure();
          made.forEach(topic -> Terminal.line("created " + topic));
          if (made.isEmpty()) {
            Terminal.line("nothing to do: all topics exist and are correct");
          }
          var registry = RegistrySetup.ensure(options.load());
          Terminal.lines(registry.done());
          registry.warnings().forEach(Terminal::failure);
          if (delivery.isWanted(options.load())) {
            var ofDelivery = RegistrySetup.ensureDelivery(options.load());
            Terminal.lines(ofDelivery.done());
            ofDelivery.warnings().forEach(Terminal::failure);
          }
          return 0;
        });
  }

  @Command(
      name = "check",
      mixinStandardHelpOptions = true,
      description =
          "Report missing or wrong topics, with the remedy. Exit status 1 if there is any.")
  int check(@Mixin ConfigOptions options, @Mixin DeliveryOption delivery) {
    return with(
        options,
        delivery,
        setup -> {
          int status = 0;
          for (var finding : setup.check()) {
            if (finding.missing()) {
              status = 1;
              Terminal.line("topic " + finding.topic() + " is missing: run ./sluice topics create");
            } else if (finding.problem() != null) {
              status = 1;
              Terminal.line(finding.problem());
            } else if (finding.warning() != null) {
              finding.warning().lines().forEach(line -> Terminal.line("warning: " + line));
            }
          }
          if (status == 0) {
            Terminal.line("all topics exist and are correct");
          }
          return status;
        });
  }

  private static int with(
      ConfigOptions options, DeliveryOption delivery, Function<TopicSetup, Integer> work) {
    SluiceConfig config = options.load();
    try (var admin = KafkaAccess.reach(config)) {
      return work.apply(
          delivery.isWanted(config)
              ? TopicSetup.withDelivery(admin, config)
              : new TopicSetup(admin, config));
    }
  }

  private static void print(Finding finding) {
    Terminal.line(
        "%-40s %s",
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
