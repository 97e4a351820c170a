package dev.sluice.cli;

import dev.sluice.config.InvalidConfigException;
import dev.sluice.operator.OperatorException;
import dev.sluice.registry.RegistryUnavailableException;
import dev.sluice.serde.OutageException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.common.errors.ApiException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Root of the command line. */
@Command(
    name = "sluice",
    description = "Turns events of data products into GRANT and REVOKE commands, over Kafka.",
    subcommands = {
      RunCommand.class,
      DeliveryCommand.class,
      PublishCommand.class,
      WatchCommand.class,
      CheckCommand.class,
      TopicsCommand.class,
      HealthCommand.class,
      AskProducts.class,
      AskProduct.class,
      AskMembers.class,
      AskRequests.class,
      AskRequest.class,
      AskAccess.class,
      AskWho.class,
      AskExplain.class,
      AskDeliveries.class,
      AskPreview.class,
      TokenCommand.class,
      ExecutorCommand.class
    },
    mixinStandardHelpOptions = true,
    versionProvider = SluiceCommand.Version.class,
    footer = {
      "",
      "Exit status: 0 done, 1 failed, 2 the command line or the configuration is wrong,"
          + " 3 out of memory, 130 stopped by Ctrl-C, 143 stopped by SIGTERM."
    })
public final class SluiceCommand implements Runnable {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Name a command.");
  }

  /** Runs a command line; returns the exit status. */
  public static int execute(String... args) {
    return line(DevelopmentTools.find()).execute(args);
  }

  /** Builds the command line, with the development tools if they exist. */
  static CommandLine line(Optional<DevelopmentTools> tools) {
    var line = new CommandLine(new SluiceCommand());
    tools.ifPresentOrElse(
        found -> {
          found.commands().forEach(line::addSubcommand);
          var usage = line.getCommandSpec().usageMessage();
          usage.footer(
              Stream.concat(
                      Stream.of("", "Start with: ./sluice demo"), Stream.of(usage.footer()).skip(1))
                  .toArray(String[]::new));
        },
        () ->
            DevelopmentTools.COMMANDS.forEach(
                name -> line.addSubcommand(name, new AbsentCommand(name))));
    line.addSubcommand(new CommandLine.HelpCommand());
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.getSubcommands().values().forEach(c -> c.setUsageHelpAutoWidth(true));
    line.setExecutionExceptionHandler(
        (e, command, parsed) -> {
          var message = expected(e);
          if (message == null) {
            message = tools.map(found -> found.explain(e)).orElse(null);
          }
          if (message == null) {
            throw e;
          }
          if (e instanceof UsageException || e instanceof AskException) {
            Terminal.failure(message);
          } else {
            Terminal.failures(message);
          }
          return e instanceof UsageException || e instanceof InvalidConfigException ? 2 : 1;
        });
    return line;
  }

  /** Returns a message for an error that is not a fault of the program; null for others. */
  static @Nullable String expected(Exception e) {
    return switch (e) {
      case UsageException known -> known.getMessage();
      case InvalidConfigException known -> known.getMessage();
      case OperatorException known -> known.getMessage();
      case AskException known -> known.getMessage();
      case RegistryUnavailableException away -> away.getMessage();
      case OutageException away -> away.getMessage();
      case NoSuchFileException missing -> missing.getMessage() + " does not exist";
      case AccessDeniedException denied -> denied.getMessage() + " is not accessible for this user";
      case FileSystemException file ->
          "cannot use %s: %s".formatted(file.getFile(), file.getReason());
      case ApiException kafka -> "Kafka: " + kafka.getMessage();
      default -> null;
    };
  }

  /** Version from the jar's manifest. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      var version = SluiceCommand.class.getPackage().getImplementationVersion();
      return new String[] {
        "sluice " + (version == null ? "(not from a jar)" : version),
        "Java " + System.getProperty("java.version")
      };
    }
  }
}
