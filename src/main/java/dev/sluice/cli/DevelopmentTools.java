package dev.sluice.cli;

import dev.sluice.config.SluiceConfig;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The development part of the command line. It is in sluice-dev.jar, which exists next to the
 * worker's jar in a checkout, but in no installation.
 */
public interface DevelopmentTools {

  /** The names of the commands that these tools add. */
  List<String> COMMANDS = List.of("demo", "bench");

  /** Returns what picocli takes as subcommands: one object for each of {@link #COMMANDS}. */
  List<Object> commands();

  /**
   * Starts a broker and a schema registry in this process.
   *
   * @throws dev.sluice.config.InvalidConfigException when an address is not a free port of
   *     localhost
   */
  Servers startServers(SluiceConfig config);

  /** Returns an explanation of a failure that is not a fault of the program; null for any other. */
  @Nullable String explain(Exception failure);

  /** Finds the tools; empty in an installation. */
  static Optional<DevelopmentTools> find() {
    return ServiceLoader.load(DevelopmentTools.class, DevelopmentTools.class.getClassLoader())
        .findFirst();
  }

  /** Returns the error that a command or an option needs these tools. */
  static UsageException absent(String name) {
    return new UsageException(
        name
            + " is not in this installation: it is a development tool, in sluice-dev.jar. Run"
            + " ./sluice in a checkout of Sluice's sources, which builds that jar");
  }

  /** A broker and a schema registry that run until they are closed. */
  interface Servers extends AutoCloseable {

    /** Completes with the reason when the broker gives up by itself. */
    CompletionStage<? extends Throwable> fault();

    /** Stops both. */
    @Override
    void close();
  }
}
