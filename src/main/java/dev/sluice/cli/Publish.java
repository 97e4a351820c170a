package dev.sluice.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.config.SluiceConfig;
import dev.sluice.runtime.EventPublisher;
import dev.sluice.runtime.Worker;
import dev.sluice.topology.Topics;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.Callable;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.apache.kafka.clients.admin.Admin;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Writes events to the input topic. */
@Command(
    name = "publish",
    mixinStandardHelpOptions = true,
    description = {
      "Write events, JSON lines, to the topic product-events. A file is read to its end first, and"
          + " if a line of it is wrong, nothing is written; standard input (-) is written line by"
          + " line."
    })
final class Publish implements Callable<Integer> {
  private static final int REDRAW_MS = 200;

  @Parameters(paramLabel = "FILE|-", description = "Events as JSON lines; - for standard input.")
  private String file = "-";

  @Mixin private ConfigOptions options = new ConfigOptions();

  @Override
  public Integer call() throws IOException {
    var config = options.load();
    if (file.equals("-")) {
      try (var lines = new BufferedReader(new InputStreamReader(System.in, UTF_8))) {
        return publish(config, "standard input", lines, -1);
      }
    }
    var path = Path.of(file);
    long count;
    try (var lines = Files.newBufferedReader(path)) {
      var counter = new long[1];
      EventLines.forEach(file, lines, line -> counter[0]++);
      count = counter[0];
    } catch (NoSuchFileException e) {
      throw new UsageException("there is no file " + file);
    }
    try (var lines = Files.newBufferedReader(path)) {
      return publish(config, file, lines, count);
    }
  }

  private static int publish(SluiceConfig config, String name, BufferedReader lines, long count)
      throws IOException {
    try (var admin = Admin.create(config.clientConfig())) {
      Worker.reach(admin, config);
    }
    var began = System.nanoTime();
    var sent = new long[1];
    try (var publisher = new EventPublisher(config);
        var bar = bar(count)) {
      try {
        EventLines.forEach(
            name,
            lines,
            line -> {
              publisher.send(line.at(Instant.now()));
              sent[0]++;
              bar.step();
            });
      } catch (UsageException e) {
        publisher.flush();
        throw new UsageException(
            e.getMessage() + "; the " + sent[0] + " events before it are published");
      }
      publisher.flush();
    }
    var seconds = (System.nanoTime() - began) / 1e9;
    System.err.printf(
        "Published %,d events to %s at %s in %.1f s.%n",
        sent[0],
        new Topics(config.topicPrefix()).productEvents(),
        config.bootstrapServers(),
        seconds);
    return 0;
  }

  private static ProgressBar bar(long count) {
    return new ProgressBarBuilder()
        .setTaskName("Publishing")
        .setInitialMax(count)
        .setUpdateIntervalMillis(REDRAW_MS)
        .setStyle(ProgressBarStyle.ASCII)
        .build();
  }
}
