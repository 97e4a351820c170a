package dev.sluice.cli;

import dev.sluice.avro.AccessCommand;
import dev.sluice.config.SluiceConfig;
import dev.sluice.product.Rejection;
import dev.sluice.rights.Names;
import dev.sluice.rights.Right;
import dev.sluice.runtime.StartChecks;
import dev.sluice.runtime.StartException;
import dev.sluice.runtime.TopicSetup;
import dev.sluice.topology.Topics;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows commands, or rejected events. */
@Command(
    name = "watch",
    mixinStandardHelpOptions = true,
    description = {
      "Show the commands as they are committed, or what is rejected (--rejected), until Ctrl-C."
    })
final class Watch implements Callable<Integer> {

  @Mixin private ConfigOptions options = new ConfigOptions();

  @Option(
      names = "--from-beginning",
      description = "Start with the oldest that is kept, not with the next one.")
  private boolean fromBeginning;

  @Option(
      names = "--rejected",
      description = "Show the events that were rejected, and why, in place of the commands.")
  private boolean rejected;

  @Option(names = "--output", description = "${COMPLETION-CANDIDATES}; default ${DEFAULT-VALUE}.")
  private Output output = Output.table;

  @Override
  public Integer call() {
    var config = options.load();
    var topics = new Topics(config.topicPrefix());
    var topic = rejected ? topics.rejectedEvents() : topics.accessCommands();
    try {
      return watch(config, topic);
    } catch (AuthorizationException e) {
      var right = rejected ? Right.READ_REJECTED : Right.READ_COMMANDS;
      throw new StartException(
          e.getMessage()
              + ": "
              + right.lacked(Names.of(config, ""), config.bootstrapServers(), List.of()),
          e);
    }
  }

  private int watch(SluiceConfig config, String topic) {
    try (var admin = Admin.create(config.clientConfig())) {
      StartChecks.reach(admin, config);
      if (!new TopicSetup(admin, config).isThere(topic)) {
        throw new StartException(
            "there is no topic %s at %s: start the worker, or run ./sluice topics create"
                .formatted(topic, config.bootstrapServers()));
      }
    }
    var reader = new OutputReader(config, List.of(topic), fromBeginning, new Show());
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

  private final class Show implements OutputReader.Sink {
    @Override
    public void command(AccessCommand command) {
      System.out.println(
          output == Output.json ? JsonForm.of("command", command) : CommandLines.of(command));
    }

    @Override
    public void rejected(
        byte @Nullable [] key,
        byte @Nullable [] value,
        Headers headers,
        OutputReader.Reading reading) {
      var event = reading.of(value, headers);
      System.out.println(
          output == Output.json
              ? JsonForm.rejected(key, value, headers, event)
              : "REJECTED %s %s (%s-%s offset %s)%n         %s"
                  .formatted(
                      JsonForm.header(headers, Rejection.REASON),
                      JsonForm.header(headers, Rejection.MESSAGE),
                      JsonForm.header(headers, Rejection.TOPIC),
                      JsonForm.header(headers, Rejection.PARTITION),
                      JsonForm.header(headers, Rejection.OFFSET),
                      event != null
                          ? JsonForm.of("event", event)
                          : value == null ? "no value" : value.length + " bytes"));
    }
  }
}
