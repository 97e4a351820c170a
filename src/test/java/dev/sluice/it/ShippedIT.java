package dev.sluice.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testing.Jars;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarFile;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The contents of an installation, and of a checkout alone. */
@Execution(ExecutionMode.CONCURRENT)
class ShippedIT {
  private static final Path JAR = Path.of(System.getProperty("sluice.jar"));
  private static final List<String> BROKER =
      List.of("kafka_2.13", "kafka-metadata", "kafka-server", "kafka-raft", "scala-library");

  @TempDir private Path folder;

  private static List<String> libraries(String name) throws IOException {
    try (Stream<Path> files = Files.list(JAR.resolveSibling(name))) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void shouldShipNeitherABrokerNorScala() throws Exception {
    var shipped = libraries("lib");

    assertThat(shipped).anyMatch(name -> name.startsWith("kafka-streams-"));
    assertThat(shipped)
        .noneMatch(
            name ->
                name.matches(
                    "(kafka_|scala|kafka-(metadata|server|raft|storage|tools|.*coordinator)"
                        + "|argparse4j|jose4j|metrics-core).*"));
  }

  @Test
  void shouldKeepTheBrokerForDevelopment() throws Exception {
    var forDevelopment = libraries("lib-dev");

    for (var library : BROKER) {
      assertThat(forDevelopment).anyMatch(name -> name.startsWith(library));
    }
    assertThat(forDevelopment).doesNotContainAnyElementsOf(libraries("lib"));
  }

  @Test
  void shouldNameExactlyTheShippedLibrariesInTheManifest() throws Exception {
    try (var jar = new JarFile(JAR.toFile())) {
      var attributes = jar.getManifest().getMainAttributes();
      assertThat(attributes.getValue("Main-Class")).isEqualTo("dev.sluice.Sluice");
      assertThat(attributes.getValue("Class-Path").split(" "))
          .containsExactlyInAnyOrderElementsOf(
              libraries("lib").stream().map(name -> "lib/" + name).toList());
    }
  }

  @Test
  void shouldShipNoDevelopmentClasses() throws Exception {
    assertThat(entries(JAR))
        .contains("dev/sluice/Sluice.class", "logback.xml")
        .noneMatch(name -> name.matches("(dev/sluice/dev|demo|META-INF/services)/.+"));
  }

  /** With only what is shipped beside it, the jar lacks no class that it names. */
  @Test
  void shouldNeedNoOtherLibrary() throws Exception {
    var libraries =
        libraries("lib").stream()
            .map(name -> JAR.resolveSibling("lib").resolve(name).toString())
            .collect(Collectors.joining(File.pathSeparator));
    var out = new StringWriter();
    var status =
        ToolProvider.findFirst("jdeps")
            .orElseThrow()
            .run(
                new PrintWriter(out),
                new PrintWriter(out),
                "--multi-release",
                "base",
                "--missing-deps",
                "--class-path",
                libraries,
                JAR.toString());

    assertThat(status).as(out.toString()).isZero();
    assertThat(out.toString().lines().filter(line -> line.contains("not found")).toList())
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "demo,demo",
    "bench fanout --json,bench",
    "run --embedded -o http.port=-1,--embedded"
  })
  void shouldExplainMissingCommandsInAnInstallation(String line, String name) throws Exception {
    var err = folder.resolve("err.txt");
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.addAll(Jars.shipped());
    command.addAll(List.of(line.split(" ")));
    var process = new ProcessBuilder(command).redirectError(err.toFile()).start();

    if (!process.waitFor(120, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError("does not end: " + Files.readString(err));
    }
    assertThat(process.exitValue()).as(Files.readString(err)).isEqualTo(2);
    assertThat(new String(process.getInputStream().readAllBytes(), UTF_8)).isEmpty();
    assertThat(Files.readString(err))
        .startsWith("sluice: " + name + " is not in this installation: ")
        .contains("sluice-dev.jar")
        .hasLineCount(1);
  }

  static List<String> entries(Path jar) throws IOException {
    try (var file = new JarFile(jar.toFile())) {
      return file.stream().filter(entry -> !entry.isDirectory()).map(e -> e.getName()).toList();
    }
  }
}
