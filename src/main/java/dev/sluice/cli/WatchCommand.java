package dev.sluice.cli;

import dev.sluice.avro.AccessCommand;
import dev.sluice.avro.AccessDelivery;
import dev.sluice.avro.AccessResult;
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
import java.util.stream.Stream;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.WakeupException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows commands, what became of them, rejected events, or the events themselves. */
@Command(
    name = "watch",
    mixinStandardHelpOptions = true,
    description = {
      "Show committed commands, or what became of them (--results, --deliveries), or rejected"
          + " events (--rejected), or events (--events), until Ctrl-C."
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
      names = "--results",
      description =
          "Show the results of access-results, which executors write, instead of commands.")
  private boolean results;

  @Option(
      names = "--deliveries",
      description = {
        "Show the records of access-delivery, instead of commands: what is not confirmed, and"
            + " CONFIRMED when it is."
      })
  private boolean deliveries;

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
    if (Stream.of(rejected, events, userEvents, results, deliveries).filter(o -> o).count() > 1) {
      throw new UsageException(
          "--rejected, --events, --user-events, --results and --deliveries exclude each other: use"
              + " one of them");
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
    var topic = topic(topics);
    try {
      return watch(config, topic);
    } catch (AuthorizationException e) {
      var of = results ? List.of(topic) : List.<String>of();
      throw new OperatorException(
          e.getMessage()
              + ": "
              + right().lacked(RightNames.of(config, ""), config.bootstrapServers(), of),
          e);
    }
  }

  private String topic(Topics topics) {
    if (rejected) {
      return topics.rejectedEvents();
    }
    if (events) {
      return topics.productEvents();
    }
    if (userEvents) {
      return topics.userEvents();
    }
    if (results) {
      return topics.accessResults();
    }
    return deliveries ? topics.accessDelivery() : topics.accessCommands();
  }

  private Right right() {
    if (rejected) {
      return Right.READ_REJECTED;
    }
    if (events || userEvents) {
      return Right.READ_EVENTS;
    }
    if (results) {
      return Right.READ_DELIVERY_INPUTS;
    }
    return deliveries ? Right.READ_DELIVERIES : Right.READ_COMMANDS;
  }

  private int watch(SluiceConfig config, String topic) {
    try (var admin = KafkaAccess.reach(config)) {
      if (!new TopicSetup(admin, config).isThere(topic)) {
        throw new OperatorException(
            "topic %s does not exist at %s: start %s"
                .formatted(
                    topic,
                    config.bootstrapServers(),
                    results || deliveries
                        ? "delivery, or run ./sluice topics create --delivery"
                        : "the worker, or run ./sluice topics create"));
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
    public void result(AccessResult result) {
      if (output == Form.json) {
        Terminal.json(OutputJson.of("result", result));
      } else {
        Terminal.line(DeliveryLines.of(result));
      }
    }

    @Override
    public void delivery(AccessDelivery delivery) {
      if (output == Form.json) {
        Terminal.json(OutputJson.of("delivery", delivery));
      } else {
        Terminal.line(DeliveryLines.of(delivery));
      }
    }

    @Override
    public void confirmed(String key) {
      if (output == Form.json) {
        Terminal.json(OutputJson.ofKey("confirmed", key));
      } else {
        Terminal.line(DeliveryLines.confirmed(key));
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
