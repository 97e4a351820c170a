package dev.sluice.cli;

import dev.sluice.avro.AccessCommand;
import dev.sluice.runtime.StartException;
import dev.sluice.runtime.TopicSetup;
import dev.sluice.runtime.Worker;
import dev.sluice.topology.Topics;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.errors.WakeupException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows commands. */
@Command(
    name = "watch",
    mixinStandardHelpOptions = true,
    description = "Show the commands as they are committed, until Ctrl-C.")
final class Watch implements Callable<Integer> {

  @Mixin private ConfigOptions options = new ConfigOptions();

  @Option(
      names = "--from-beginning",
      description = "Start with the oldest command that is kept, not with the next one.")
  private boolean fromBeginning;

  @Option(names = "--output", description = "${COMPLETION-CANDIDATES}; default ${DEFAULT-VALUE}.")
  private Output output = Output.table;

  @Override
  public Integer call() {
    var config = options.load();
    var topic = new Topics(config.topicPrefix()).accessCommands();
    try (var admin = Admin.create(config.clientConfig())) {
      Worker.reach(admin, config);
      var missing =
          new TopicSetup(admin, config)
              .check().stream().anyMatch(f -> f.topic().equals(topic) && f.missing());
      if (missing) {
        throw new StartException(
            "there is no topic %s at %s: start the worker, or run ./sluice topics create"
                .formatted(topic, config.bootstrapServers()));
      }
    }
    var reader = new OutputReader(config, List.of(topic), fromBeginning, this::show);
    var watcher = Thread.currentThread();
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  reader.wakeup();
                  try {
                    watcher.join(2000);
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                }));
    try (reader) {
      System.err.println("Watching " + topic + " at " + config.bootstrapServers() + " ...");
      while (!System.out.checkError()) {
        reader.poll(Duration.ofSeconds(1));
      }
    } catch (WakeupException e) {
      // Ctrl-C.
    }
    return 0;
  }

  private void show(AccessCommand command) {
    System.out.println(
        output == Output.json ? JsonForm.of("command", command) : CommandLines.of(command));
  }
}
