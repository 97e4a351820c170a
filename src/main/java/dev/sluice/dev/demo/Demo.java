package dev.sluice.dev.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.app.WorkerApp;
import dev.sluice.cli.DurationConverter;
import dev.sluice.cli.EventLines;
import dev.sluice.cli.OutputFormat;
import dev.sluice.cli.OutputReader;
import dev.sluice.cli.Terminal;
import dev.sluice.cli.UsageException;
import dev.sluice.client.CaughtUpWaiter;
import dev.sluice.client.EventPublisher;
import dev.sluice.config.InvalidConfigException;
import dev.sluice.config.RegistryKeys;
import dev.sluice.config.SluiceConfig;
import dev.sluice.contract.Topics;
import dev.sluice.dev.embedded.EmbeddedKafka;
import dev.sluice.dev.embedded.EmbeddedKafkaSettings;
import dev.sluice.dev.embedded.Folders;
import dev.sluice.dev.registry.RegistryServer;
import dev.sluice.folder.NativeLibraryFolder;
import dev.sluice.product.stage.EventObserver;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;
import java.util.function.IntFunction;
import org.apache.kafka.clients.admin.Admin;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Demonstrates a worker on an embedded broker. */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    description = {
      "Start a broker, a registry and the worker in this process, publish a story's events through"
          + " the real topic, show each command as it comes, and finally show who has access to"
          + " what and why. All data is removed.",
      "With --keep, everything runs on at the end, with a console at http://localhost:8080."
    })
public final class Demo implements Callable<Integer> {
  private static final Duration START_MAX = Duration.ofSeconds(60);
  private static final Duration STALLED_MAX = Duration.ofSeconds(60);

  /** Maximum time for which the story waits for access that is about to expire. */
  private static final Duration STORY_END_MAX = Duration.ofSeconds(10);

  private static final long POLL_MS = 50;

  private static final int PORT = 8080;
  private static final int ANY_PORT = 0;
  private static final int NO_PORT = -1;

  /** Maximum number of events shown one by one with their commands. */
  private static final int STORY_MAX = 40;

  @Option(
      names = "--events",
      paramLabel = "FILE",
      description = "Publish these events, JSON lines, instead of the built-in story.")
  private @Nullable Path file;

  @Option(names = "--output", description = "${COMPLETION-CANDIDATES}; default ${DEFAULT-VALUE}.")
  private OutputFormat outputFormat = OutputFormat.table;

  @Option(
      names = "--linger",
      paramLabel = "DURATION",
      converter = DurationConverter.class,
      description = "Keep everything running for this time at the end: 30s, 5m.")
  private Duration linger = Duration.ZERO;

  @Option(
      names = "--keep",
      description = {
        "Keep everything running at the end until Ctrl-C, with console and API on this machine."
      })
  private boolean keep;

  @Option(
      names = "--http-port",
      paramLabel = "PORT",
      description = {
        "Port of console and API with --keep and --linger; default 8080, or any other"
            + " free port if that one is in use."
      })
  private @Nullable Integer httpPort;

  @Override
  public Integer call() throws Exception {
    NativeLibraryFolder.require();
    if (httpPort != null && !keep && linger.isZero()) {
      throw new UsageException(
          "--http-port needs --keep or --linger: without them there is no port");
    }
    var events = events();
    var folder = Files.createTempDirectory("sluice-demo-");
    // Registered also for an interrupted demo, so that temporary data is removed.
    var cleaner = new Thread(() -> Folders.remove(folder));
    Runtime.getRuntime().addShutdownHook(cleaner);
    say("Starting a Kafka broker, a schema registry and the worker in this process ...");
    try (var kafka = EmbeddedKafka.start(EmbeddedKafkaSettings.lasting(folder.resolve("kafka")));
        var registry = RegistryServer.start(0, null)) {
      var show = outputFormat == OutputFormat.json ? new DemoJson() : new DemoStory();
      try (var app = start(port -> config(folder, kafka, registry, port), show)) {
        app.worker().awaitRunning(START_MAX);
        var agree = show(app, show, events);
        say("Events: " + app.metrics().events() + ".");
        return agree ? 0 : 1;
      }
    }
  }

  private static SluiceConfig config(
      Path folder, EmbeddedKafka kafka, RegistryServer registry, int port) {
    return SluiceConfig.of(
        Map.of(
            "bootstrap.servers", kafka.bootstrapServers(),
            "schema.registry.url", registry.url(),
            "application.id", "sluice-demo",
            "data.dir", folder.toString(),
            "state.store", "memory",
            "topic.partitions", "3",
            "access.partitions", "3",
            "http.host", "127.0.0.1",
            "http.port", Integer.toString(port)));
  }

  private WorkerApp start(IntFunction<SluiceConfig> config, DemoShow show) {
    EventObserver shown = (type, outcome) -> show.outcome(outcome);
    if (!keep && linger.isZero()) {
      return WorkerApp.start(config.apply(NO_PORT), List.of(shown));
    }
    if (httpPort != null) {
      return WorkerApp.start(config.apply(httpPort), List.of(shown));
    }
    try {
      return WorkerApp.start(config.apply(PORT), List.of(shown));
    } catch (InvalidConfigException e) {
      // Another program uses the port.
      return WorkerApp.start(config.apply(ANY_PORT), List.of(shown));
    }
  }

  private boolean show(WorkerApp app, DemoShow show, List<EventLines.Line> events)
      throws InterruptedException {
    var config = app.config();
    var topics = new Topics(config.topicPrefix());
    try (var publisher = new EventPublisher(config);
        var admin = Admin.create(config.clientConfig());
        var reader =
            new OutputReader(
                config,
                List.of(
                    topics.userEvents(),
                    topics.accessCommands(),
                    topics.productStatus(),
                    topics.requestStatus(),
                    topics.rejectedEvents()),
                true,
                show)) {
      var caughtUpWaiter = new CaughtUpWaiter(admin, config.applicationId(), topics);
      Runnable poll =
          () -> {
            app.worker().failIfEnded();
            reader.poll(Duration.ZERO);
          };
      var began = System.nanoTime();
      if (outputFormat == OutputFormat.table && events.size() <= STORY_MAX) {
        for (var line : events) {
          var event = line.at(Instant.now());
          show.event(event);
          publisher.send(event);
          publisher.flush();
          caughtUpWaiter.await(STALLED_MAX, poll);
          reader.drain();
          show.settled();
        }
      } else {
        for (var line : events) {
          publisher.send(line.at(Instant.now()));
        }
        publisher.flush();
        say("Published " + events.size() + " events.");
        caughtUpWaiter.await(STALLED_MAX, poll);
        reader.drain();
      }
      say(
          "%,d events settled in %.1f s."
              .formatted(events.size(), (System.nanoTime() - began) / 1e9));
      awaitStoryEnd(show, poll);
      if (keep) {
        caughtUpWaiter.await(STALLED_MAX, poll);
        reader.drain();
        show.end();
      }
      stay(app, poll);
      caughtUpWaiter.await(STALLED_MAX, poll);
      reader.drain();
      return show.end();
    }
  }

  /** Shows commands until the story's temporary access has expired. */
  private void awaitStoryEnd(DemoShow show, Runnable poll) throws InterruptedException {
    var end = Instant.now().plus(STORY_END_MAX);
    pollWhile(() -> file == null && Instant.now().isBefore(end) && show.expires(end), poll);
  }

  /** Shows commands for the requested time. */
  private void stay(WorkerApp app, Runnable poll) throws InterruptedException {
    if (!keep && linger.isZero()) {
      return;
    }
    invite(app);
    var end = Instant.now().plus(linger);
    pollWhile(() -> keep || Instant.now().isBefore(end), poll);
  }

  private static void pollWhile(BooleanSupplier goesOn, Runnable poll) throws InterruptedException {
    while (goesOn.getAsBoolean()) {
      poll.run();
      Thread.sleep(POLL_MS);
    }
  }

  private void invite(WorkerApp app) {
    var config = app.config();
    var at =
        "-o bootstrap.servers=%s -o schema.registry.url=%s"
            .formatted(
                config.bootstrapServers(), config.get(RegistryKeys.SCHEMA_REGISTRY_URL).getFirst());
    say(
        """

        Everything keeps running%s; Ctrl-C ends it. Open the console at

          http://localhost:%d

        or from another terminal:
          ./sluice explain ana orders --url http://localhost:%d
          ./sluice watch --from-beginning %s
          ./sluice publish FILE %s\
        """
            .formatted(
                keep ? "" : " for " + linger.toString().substring(2).toLowerCase(Locale.ROOT),
                app.port(),
                app.port(),
                at,
                at));
  }

  private List<EventLines.Line> events() throws IOException {
    if (file == null) {
      var story = Objects.requireNonNull(Demo.class.getResourceAsStream("/demo/story.jsonl"));
      try (var lines = new BufferedReader(new InputStreamReader(story, UTF_8))) {
        return EventLines.readAll("story.jsonl", lines);
      }
    }
    try (var lines = EventLines.open(file)) {
      return EventLines.readAll(file.toString(), lines);
    }
  }

  /** Prints progress on standard error: standard output may be a program's input. */
  private static void say(String text) {
    Terminal.notes(text);
  }
}
