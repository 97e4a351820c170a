package dev.sluice.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.config.SluiceConfig;
import dev.sluice.embedded.EmbeddedKafka;
import dev.sluice.embedded.EmbeddedKafkaSettings;
import dev.sluice.metrics.WorkerMetrics;
import dev.sluice.product.EventObserver;
import dev.sluice.registry.RegistryServer;
import dev.sluice.runtime.EventPublisher;
import dev.sluice.runtime.Settling;
import dev.sluice.runtime.Worker;
import dev.sluice.topology.Topics;
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
import org.apache.kafka.clients.admin.Admin;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs the whole on a broker of its own, and shows what it does. */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    description = {
      "Start a broker, a registry and the worker in this process, publish a story's events through"
          + " the real topic, show each command as it comes, and in the end who has access to what"
          + " and why. Nothing stays behind."
    })
final class Demo implements Callable<Integer> {
  private static final Duration START_MAX = Duration.ofSeconds(60);
  private static final Duration STALLED_MAX = Duration.ofSeconds(60);

  /** How long the story waits for access that is about to end. */
  private static final Duration STORY_END_MAX = Duration.ofSeconds(10);

  private static final long LOOK_MS = 50;

  /** Up to so many events are shown one by one, each with the commands that it caused. */
  private static final int STORY_MAX = 40;

  @Option(
      names = "--events",
      paramLabel = "FILE",
      description = "Publish these events, JSON lines, instead of the built-in story.")
  private @Nullable Path file;

  @Option(names = "--output", description = "${COMPLETION-CANDIDATES}; default ${DEFAULT-VALUE}.")
  private Output output = Output.table;

  @Option(
      names = "--linger",
      paramLabel = "DURATION",
      converter = DurationConverter.class,
      description = "Keep all running so long in the end, to look around: 30s, 5m.")
  private Duration linger = Duration.ZERO;

  @Override
  public Integer call() throws Exception {
    var events = events();
    var folder = Files.createTempDirectory("sluice-demo-");
    // Kept also when the demo is interrupted: what is temporary is removed.
    var cleaner = new Thread(() -> Folders.remove(folder));
    Runtime.getRuntime().addShutdownHook(cleaner);
    say("Starting a Kafka broker, a schema registry and the worker in this process ...");
    try (var kafka = EmbeddedKafka.start(EmbeddedKafkaSettings.lasting(folder.resolve("kafka")));
        var registry = RegistryServer.start(0, null)) {
      var config = config(folder, kafka, registry);
      var metrics = new WorkerMetrics().events();
      var show = output == Output.json ? new DemoJson() : new DemoStory();
      EventObserver observer =
          (type, outcome) -> {
            metrics.decided(type, outcome);
            show.outcome(outcome);
          };
      try (var worker = Worker.start(config, observer)) {
        worker.awaitRunning(START_MAX);
        var agree = show(config, worker, show, events);
        say("Events: " + metrics + ".");
        return agree ? 0 : 1;
      }
    }
  }

  private static SluiceConfig config(Path folder, EmbeddedKafka kafka, RegistryServer registry) {
    return SluiceConfig.of(
        Map.of(
            "bootstrap.servers", kafka.bootstrapServers(),
            "schema.registry.url", registry.url(),
            "application.id", "sluice-demo",
            "data.dir", folder.toString(),
            "state.store", "memory",
            "topic.partitions", "3",
            "access.partitions", "3"));
  }

  private boolean show(
      SluiceConfig config, Worker worker, DemoShow show, List<EventLines.Line> events)
      throws InterruptedException {
    var topics = new Topics(config.topicPrefix());
    try (var publisher = new EventPublisher(config);
        var admin = Admin.create(config.clientConfig());
        var reader =
            new OutputReader(
                config,
                List.of(
                    topics.accessCommands(),
                    topics.productStatus(),
                    topics.requestStatus(),
                    topics.rejectedEvents()),
                true,
                show)) {
      var settling = new Settling(admin, config.applicationId(), topics);
      Runnable look =
          () -> {
            worker.failIfEnded();
            reader.poll(Duration.ZERO);
          };
      var began = System.nanoTime();
      if (output == Output.table && events.size() <= STORY_MAX) {
        for (var line : events) {
          var event = line.at(Instant.now());
          show.event(event);
          publisher.send(event);
          publisher.flush();
          settling.await(STALLED_MAX, look);
          reader.drain();
          show.settled();
        }
      } else {
        for (var line : events) {
          publisher.send(line.at(Instant.now()));
        }
        publisher.flush();
        say("Published " + events.size() + " events.");
        settling.await(STALLED_MAX, look);
        reader.drain();
      }
      say(
          "%,d events settled in %.1f s."
              .formatted(events.size(), (System.nanoTime() - began) / 1e9));
      linger(config, show, look);
      settling.await(STALLED_MAX, look);
      reader.drain();
      return show.end();
    }
  }

  /** Shows what comes by itself: for as long as is asked, and to the end of the story's access. */
  private void linger(SluiceConfig config, DemoShow show, Runnable look)
      throws InterruptedException {
    var end = Instant.now().plus(linger);
    if (!linger.isZero()) {
      invite(config);
    }
    var storyEnd = Instant.now().plus(STORY_END_MAX);
    while (Instant.now().isBefore(end)
        || (file == null && Instant.now().isBefore(storyEnd) && show.expires(storyEnd))) {
      look.run();
      Thread.sleep(LOOK_MS);
    }
  }

  private void invite(SluiceConfig config) {
    var url = config.schemaRegistryUrls().getFirst();
    say(
        """
        All keeps running for %s; Ctrl-C ends it. From another terminal:
          ./sluice watch --from-beginning -o bootstrap.servers=%s -o schema.registry.url=%s
          ./sluice publish FILE -o bootstrap.servers=%s -o schema.registry.url=%s\
        """
            .formatted(
                linger.toString().substring(2).toLowerCase(Locale.ROOT),
                config.bootstrapServers(),
                url,
                config.bootstrapServers(),
                url));
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

  /** Progress goes to standard error: standard output may be a program's input. */
  private static void say(String text) {
    System.err.println(text);
  }
}
