package dev.sluice.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** The jar's worker, or another program, as a process of its own, and what it logs. */
public final class WorkerProcess implements AutoCloseable {
  private final Process process;
  private final Path log;

  private WorkerProcess(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /** With the jar, and the classes of the tests behind it. */
  public static WorkerProcess start(Path log, Map<String, String> settings) throws IOException {
    var arguments = new ArrayList<>(List.of("run"));
    var all = new HashMap<>(Map.of("http.port", "-1"));
    all.putAll(settings);
    all.forEach((key, value) -> arguments.addAll(List.of("-o", key + "=" + value)));
    return start(log, Path.of("src/main/resources/logback.xml"), Map.of(), arguments);
  }

  /** Any command, which logs as that file says. */
  public static WorkerProcess start(
      Path log, Path logback, Map<String, String> environment, List<String> arguments)
      throws IOException {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.add("-Dlogback.configurationFile=" + logback);
    command.addAll(
        List.of(
            "-cp", System.getProperty("sluice.jar") + ":target/test-classes", "dev.sluice.Sluice"));
    command.addAll(arguments);
    var builder = new ProcessBuilder(command);
    builder.environment().putAll(environment);
    return start(log, builder);
  }

  /** Any program. */
  public static WorkerProcess start(Path log, ProcessBuilder builder) throws IOException {
    return new WorkerProcess(
        builder.redirectOutput(log.toFile()).redirectErrorStream(true).start(), log);
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  public long pid() {
    return process.pid();
  }

  public List<String> lines() {
    try {
      return Files.readAllLines(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public void awaitLine(String text) {
    Awaitility.await(text)
        .atMost(Workers.TIMEOUT)
        .until(() -> lines().stream().anyMatch(line -> line.contains(text)));
  }

  /** As SIGTERM. */
  public void terminate() {
    process.destroy();
  }

  /** Its exit status, once it ended. */
  public int status(Duration atMost) throws InterruptedException {
    if (!process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new AssertionError("did not end within " + atMost + ":\n" + String.join("\n", lines()));
    }
    return process.exitValue();
  }

  /** As SIGKILL; returns when it is gone. */
  public void kill() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
