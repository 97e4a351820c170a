package dev.sluice.cli;

import dev.sluice.client.EventPublisher;
import dev.sluice.config.SluiceConfig;
import dev.sluice.contract.Topics;
import dev.sluice.event.UserEvent;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Writes events to the input topic. */
@Command(
    name = "publish",
    mixinStandardHelpOptions = true,
    description = {
      "Write events, JSON lines, to the topics product-events and user-events, each by its type. A"
          + " file is checked completely first;"
          + " if any line is wrong, nothing is written. Standard input (-) and pipes are"
          + " checked and written line by line, up to the first wrong line. Lines that begin"
          + " with # are skipped.",
      "To correct rejected events and send them again: sluice watch --rejected --from-beginning"
          + " --to-end --output events > FILE, correct FILE, sluice publish --without-sequence"
          + " FILE. An event that keeps its sequence needs one above the last sequence of its"
          + " product."
    })
final class PublishCommand implements Callable<Integer> {
  @Parameters(paramLabel = "FILE|-", description = "Events as JSON lines; - for standard input.")
  private String file = "-";

  @Option(
      names = "--without-sequence",
      description =
          "Leave out the events' sequence, so that rejected events are accepted although later"
              + " events of their product were applied since.")
  private boolean withoutSequence;

  @Mixin private ConfigOptions options = new ConfigOptions();

  @Override
  public Integer call() throws IOException {
    var config = options.load();
    if (file.equals("-")) {
      try (var lines = EventLines.reader(System.in)) {
        return publish(config, "standard input", lines, -1);
      }
    }
    var path = Path.of(file);
    long count = -1;
    // The content of a pipe can be read only once.
    if (Files.isRegularFile(path)) {
      try (var lines = EventLines.open(path)) {
        var counter = new long[1];
        EventLines.forEach(file, lines, line -> counter[0]++);
        count = counter[0];
      }
    }
    try (var lines = EventLines.open(path)) {
      return publish(config, file, lines, count);
    }
  }

  private int publish(SluiceConfig config, String name, BufferedReader lines, long count)
      throws IOException {
    KafkaAccess.reach(config).close();
    var began = System.nanoTime();
    var sent = new long[1];
    var topics = new Topics(config.topicPrefix());
    var written = new TreeSet<String>();
    try (var publisher = new EventPublisher(config);
        var bar = new ProgressBar("Publishing", count)) {
      try {
        EventLines.forEach(
            name,
            lines,
            line -> {
              var event = line.at(Instant.now());
              publisher.send(withoutSequence ? event.withoutSequence() : event, line.where());
              sent[0]++;
              written.add(
                  event instanceof UserEvent ? topics.userEvents() : topics.productEvents());
              bar.step();
            });
      } catch (UsageException e) {
        publisher.flush();
        throw new UsageException(
            e.getMessage()
                + (sent[0] == 0
                    ? "; nothing was written"
                    : "; the " + sent[0] + " events before it are published, the rest is not"));
      }
      publisher.flush();
    }
    var seconds = (System.nanoTime() - began) / 1e9;
    Terminal.note(
        "Published %,d events to %s at %s in %.1f s.",
        sent[0],
        written.isEmpty() ? topics.productEvents() : String.join(" and ", written),
        config.bootstrapServers(),
        seconds);
    return 0;
  }
}
