package dev.sluice.cli;

import dev.sluice.bench.BenchException;
import dev.sluice.config.InvalidConfigException;
import dev.sluice.embedded.EmbeddedKafkaException;
import dev.sluice.runtime.StartException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line's root. */
@Command(
    name = "sluice",
    description = "Turns what happens to data products into GRANT and REVOKE commands, over Kafka.",
    subcommands = {
      Demo.class,
      Run.class,
      Publish.class,
      Watch.class,
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
      AskPreview.class,
      TokenCommand.class,
      BenchCommand.class,
      CommandLine.HelpCommand.class
    },
    mixinStandardHelpOptions = true,
    versionProvider = SluiceCommand.Version.class,
    footer = {
      "",
      "Start with: ./sluice demo",
      "Exit status: 0 done, 1 failed, 2 the command line or the configuration is wrong,"
          + " 143 stopped by SIGTERM."
    })
public final class SluiceCommand implements Runnable {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Say which command.");
  }

  /** Runs a command line; the answer is the exit status. */
  public static int execute(String... args) {
    var line = new CommandLine(new SluiceCommand());
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.getSubcommands().values().forEach(c -> c.setUsageHelpAutoWidth(true));
    line.setExecutionExceptionHandler(
        (e, command, parsed) -> {
          var expected =
              e instanceof UsageException
                  || e instanceof InvalidConfigException
                  || e instanceof StartException
                  || e instanceof BenchException
                  || e instanceof AskException
                  || e instanceof EmbeddedKafkaException;
          if (!expected) {
            throw e;
          }
          Out.failure(String.valueOf(e.getMessage()));
          return e instanceof UsageException || e instanceof InvalidConfigException ? 2 : 1;
        });
    return line.execute(args);
  }

  /** The version that the jar's manifest names. */
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
