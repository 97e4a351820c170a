package dev.sluice.it;

import dev.sluice.it.chaos.Guard;
import dev.sluice.testing.Workers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * Apicurio Registry as a process of its own, its contents in memory: one for all tests, which take
 * topics of their own; it ends with this process. The build unpacks it.
 */
final class ApicurioRegistry {
  private static final Pattern LISTENING =
      Pattern.compile("Listening on: (http://127\\.0\\.0\\.1:\\d+)");
  private static final Guard GUARD = new Guard();
  private static @Nullable ApicurioRegistry shared;

  private final Process process;
  private final Path log;

  private ApicurioRegistry(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /** The one of this process; it may not answer yet. */
  static synchronized ApicurioRegistry shared() {
    if (shared == null) {
      shared = start();
    }
    return shared;
  }

  private static ApicurioRegistry start() {
    var folder = Path.of(System.getProperty("apicurio.folder", "target/apicurio"));
    var jar = folder.resolve("quarkus-run.jar");
    if (!Files.exists(jar)) {
      throw new IllegalStateException(
          jar + " is missing: it is unpacked by mvn pre-integration-test");
    }
    var log = folder.resolveSibling("apicurio.log");
    var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    var command =
        List.of(
            java,
            "-Xmx512m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Dquarkus.http.host=127.0.0.1",
            "-Dquarkus.http.port=0",
            "-Dquarkus.management.host=127.0.0.1",
            "-Dquarkus.management.port=0",
            "-jar",
            jar.toString());
    try {
      var process =
          new ProcessBuilder(command)
              .redirectOutput(log.toFile())
              .redirectErrorStream(true)
              .start();
      GUARD.watch(process);
      return new ApicurioRegistry(process, log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The address of its Confluent API, once the registry answers. */
  String url() {
    return Awaitility.await("Apicurio Registry listens; see " + log)
            .atMost(Workers.TIMEOUT)
            .until(this::address, address -> !address.isEmpty())
        + "/apis/ccompat/v7";
  }

  private String address() throws IOException {
    var text = Files.readString(log);
    if (!process.isAlive()) {
      throw new IllegalStateException("Apicurio Registry ended: " + text);
    }
    var found = LISTENING.matcher(text);
    return found.find() ? found.group(1) : "";
  }
}
