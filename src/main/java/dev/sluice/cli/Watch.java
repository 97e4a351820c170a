package dev.sluice.cli;

import dev.sluice.avro.AccessCommand;
import dev.sluice.config.SluiceConfig;
import dev.sluice.contract.Topics;
import dev.sluice.rights.Names;
import dev.sluice.rights.Right;
import dev.sluice.runtime.StartException;
import dev.sluice.runtime.TopicSetup;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.WakeupException;
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

  @Option(names = "--to-end", description = "End when all that is there now is shown.")
  private boolean toEnd;

  @Option(
      names = "--output",
      description = {
        "${COMPLETION-CANDIDATES}; default ${DEFAULT-VALUE}.",
        "events, with --rejected: what publish takes, to be mended and sent again, each after"
            + " comments that say why it was rejected."
      })
  private Form output = Form.table;

  @Mixin private RejectedFilter filter = new RejectedFilter();

  /** How records are shown. */
  enum Form {
    /** For people. */
    table,
    /** For programs: one JSON object a line. */
    json,
    /** For publish: events alone, and comments. */
    events
  }

  @Override
  public Integer call() {
    if (!rejected && (filter.isGiven() || output == Form.events)) {
      throw new UsageException(
          "--reason, --type, --product and --output events are for rejected events: give"
              + " --rejected, too");
    }
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
    try (var admin = Brokers.reach(config)) {
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
      Out.note("Watching " + topic + " at " + config.bootstrapServers() + " ...");
      if (toEnd) {
        reader.drain();
        return 0;
      }
      while (!Out.isClosed()) {
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
      if (output == Form.json) {
        Out.json(JsonForm.of("command", command));
      } else {
        Out.line(CommandLines.of(command));
      }
    }

    @Override
    public void rejected(RejectedEvent event) {
      if (!filter.passes(event)) {
        return;
      }
      switch (output) {
        case json -> Out.json(event.json());
        case events -> Out.lines(event.forPublish());
        case table -> Out.lines(event.lines());
      }
    }
  }
}
