package dev.sluice.cli;

import dev.sluice.avro.AccessCommand;
import dev.sluice.config.SluiceConfig;
import dev.sluice.contract.Topics;
import dev.sluice.operator.OperatorException;
import dev.sluice.rights.Right;
import dev.sluice.rights.RightNames;
import dev.sluice.startup.TopicSetup;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.WakeupException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows commands, rejected events, or the events themselves. */
@Command(
    name = "watch",
    mixinStandardHelpOptions = true,
    description = {
      "Show committed commands, or rejected events (--rejected), or events"
          + " (--events), until Ctrl-C."
    })
final class WatchCommand implements Callable<Integer> {

  @Mixin private ConfigOptions options = new ConfigOptions();

  @Option(
      names = "--from-beginning",
      description = "Start with the oldest kept record, not with the next one.")
  private boolean fromBeginning;

  @Option(
      names = "--rejected",
      description = "Show rejected events with their reasons, instead of commands.")
  private boolean rejected;

  @Option(
      names = "--events",
      description = {
        "Show the events of product-events, instead of commands. With --to-end, one partition"
            + " after the other, each in its order."
      })
  private boolean events;

  @Option(
      names = "--user-events",
      description = "Show the events of user-events, instead of commands; as for --events.")
  private boolean userEvents;

  @Option(
      names = "--partition",
      paramLabel = "N",
      description = "Only this partition, from 0. Repeatable.")
  private Set<Integer> partitions = new TreeSet<>();

  @Option(names = "--to-end", description = "End when everything that exists now is shown.")
  private boolean toEnd;

  @Option(
      names = "--output",
      description = {
        "${COMPLETION-CANDIDATES}; default ${DEFAULT-VALUE}.",
        "events, with --rejected: lines that publish accepts, to be corrected and sent again, each"
            + " after comments with the reason of its rejection. With --events: lines that publish"
            + " accepts, to be sent to a new topic."
      })
  private Form output = Form.table;

  @Mixin private RejectedFilter filter = new RejectedFilter();

  /** Output formats. */
  enum Form {
    /** For people. */
    table,
    /** For programs: one JSON object per line. */
    json,
    /** For publish: events alone, and comments. */
    events
  }

  @Override
  public Integer call() {
    var input = events || userEvents;
    if ((rejected && input) || (events && userEvents)) {
      throw new UsageException(
          "--rejected, --events and --user-events exclude each other: use one of them");
    }
    if (!rejected && !input && (filter.isSet() || output == Form.events)) {
      throw new UsageException(
          "--reason, --type, --product and --output events apply to events: add --rejected,"
              + " --events or --user-events");
    }
    if (input && filter.hasReasons()) {
      throw new UsageException("--reason applies to rejected events: add --rejected");
    }
    var config = options.load();
    var topics = new Topics(config.topicPrefix());
    var topic =
        rejected
            ? topics.rejectedEvents()
            : events
                ? topics.productEvents()
                : userEvents ? topics.userEvents() : topics.accessCommands();
    try {
      return watch(config, topic);
    } catch (AuthorizationException e) {
      var right = rejected ? Right.READ_REJECTED : input ? Right.READ_EVENTS : Right.READ_COMMANDS;
      throw new OperatorException(
          e.getMessage()
              + ": "
              + right.lacked(RightNames.of(config, ""), config.bootstrapServers(), List.of()),
          e);
    }
  }

  private int watch(SluiceConfig config, String topic) {
    try (var admin = KafkaAccess.reach(config)) {
      if (!new TopicSetup(admin, config).isThere(topic)) {
        throw new OperatorException(
            "topic %s does not exist at %s: start the worker, or run ./sluice topics create"
                .formatted(topic, config.bootstrapServers()));
      }
    }
    var reader = new OutputReader(config, List.of(topic), partitions, fromBeginning, new Show());
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
      Terminal.note("Watching " + topic + " at " + config.bootstrapServers() + " ...");
      if (toEnd) {
        if (events || userEvents) {
          reader.drainInOrder();
        } else {
          reader.drain();
        }
        return 0;
      }
      while (!Terminal.isClosed()) {
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
        Terminal.json(OutputJson.of("command", command));
      } else {
        Terminal.line(CommandLines.of(command));
      }
    }

    @Override
    public void input(InputEvent event) {
      if (!filter.passes(event.type(), event.key())) {
        return;
      }
      switch (output) {
        case json -> Terminal.json(event.json());
        case events -> Terminal.lines(event.forPublish());
        case table -> Terminal.line(event.line());
      }
    }

    @Override
    public void rejected(RejectedEvent event) {
      if (!filter.passes(event)) {
        return;
      }
      switch (output) {
        case json -> Terminal.json(event.json());
        case events -> Terminal.lines(event.forPublish());
        case table -> Terminal.lines(event.lines());
      }
    }
  }
}
