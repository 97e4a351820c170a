package dev.sluice.it.chaos;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One process's worth of Java that is started again and again; it writes to one log. */
final class Jvm {
  /** The beginning of a worker's last log line. */
  private static final String REASON = "sluice: ";

  private final String name;
  private final Path log;
  private final Guard guard;
  private final List<String> command = new ArrayList<>();
  private @Nullable Process process;
  private boolean wanted;
  private boolean frozen;

  /** The place in the log at which the last start begins. */
  private long startsAt;

  Jvm(String name, Path log, Guard guard, int heapMb, List<String> arguments) {
    this.name = name;
    this.log = log;
    this.guard = guard;
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx" + heapMb + "m"));
    command.addAll(arguments);
  }

  String name() {
    return name;
  }

  void start() {
    note("started");
    startsAt = log.toFile().length();
    var builder =
        new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
    // State changes are told at that level.
    builder.environment().put("SLUICE_LOG_LEVEL", "DEBUG");
    try {
      var started = builder.start();
      guard.watch(started);
      process = started;
      wanted = true;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  boolean isAlive() {
    return process != null && process.isAlive();
  }

  boolean isFrozen() {
    return frozen;
  }

  /** Whether the process ended by itself. */
  boolean endedUnasked() {
    return wanted && !isAlive();
  }

  /** SIGKILL. */
  void kill() {
    if (process == null) {
      return;
    }
    wanted = false;
    frozen = false;
    note("killed");
    end(process.destroyForcibly());
  }

  /** SIGTERM; does not wait. */
  void stop() {
    if (process != null) {
      wanted = false;
      note("told to stop");
      process.destroy();
    }
  }

  /** Waits for the end of what was told to stop; the answer is whether it came in time. */
  boolean awaitEnd(int seconds) throws InterruptedException {
    if (process == null) {
      return true;
    }
    var ended = process.waitFor(seconds, TimeUnit.SECONDS);
    if (ended) {
      note("ended with " + process.exitValue());
      guard.forget(process);
    }
    return ended;
  }

  void freeze() {
    signal("STOP");
    frozen = true;
    note("frozen");
  }

  void wake() {
    if (frozen) {
      frozen = false;
      note("woken");
      signal("CONT");
    }
  }

  private void signal(String signal) {
    try {
      var pid = String.valueOf(Objects.requireNonNull(process).pid());
      new ProcessBuilder("kill", "-" + signal, pid).start().waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void end(Process ending) {
    ending.onExit().join();
    guard.forget(ending);
  }

  /** Why it ended, or else the last thing that it said, and its exit status. */
  String lastWords() {
    var said = linesSinceStart().stream().filter(line -> !line.isBlank()).toList();
    var status = process == null || process.isAlive() ? "" : " (" + process.exitValue() + ")";
    // It may still say how it stops.
    var why = said.stream().filter(line -> line.startsWith(REASON)).reduce((first, last) -> last);
    return name + status + ": " + why.orElse(said.isEmpty() ? "nothing" : said.getLast());
  }

  boolean hasSaid(String text) {
    return linesSinceStart().stream().anyMatch(line -> line.contains(text));
  }

  long count(String text) {
    return lines(0).stream().filter(line -> line.contains(text)).count();
  }

  List<String> linesSinceStart() {
    return lines(startsAt);
  }

  /** Logs grow large, and are asked for often: only what is new is read. */
  private List<String> lines(long from) {
    try (var file = new RandomAccessFile(log.toFile(), "r")) {
      file.seek(from);
      var bytes = new byte[(int) Math.max(0, file.length() - from)];
      file.readFully(bytes);
      return new String(bytes, UTF_8).lines().toList();
    } catch (FileNotFoundException none) {
      return List.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void note(String what) {
    try {
      var line = LocalTime.now().withNano(0) + " ==== " + name + " " + what + "\n";
      Files.writeString(log, line, UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
