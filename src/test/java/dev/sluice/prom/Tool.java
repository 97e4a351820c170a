package dev.sluice.prom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/** A program that is not of this project, such as Prometheus'. */
public final class Tool {
  private static final int SECONDS_MAX = 60;

  private Tool() {}

  /** Skips the test, and says so, where the program of Prometheus' is not installed. */
  public static void require(String program) {
    require(program, "prometheus");
  }

  /** Skips the test, and says so, where the program of a package of Debian's is not installed. */
  public static void require(String program, String debianPackage) {
    var there =
        Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
            .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    var message =
        "%s is not installed (Debian's package %s has it): skipped"
            .formatted(program, debianPackage);
    if (!there) {
      System.err.println(message);
    }
    assumeTrue(there, message);
  }

  /** Runs it to its end, which must be a good one; gives what it said. */
  public static String run(Path input, String... command) throws Exception {
    var out = Files.createTempFile("tool", ".txt");
    var process =
        new ProcessBuilder(command)
            .redirectInput(input.toFile())
            .redirectErrorStream(true)
            .redirectOutput(out.toFile())
            .start();
    try {
      var ended = process.waitFor(SECONDS_MAX, TimeUnit.SECONDS);
      var said = Files.readString(out);
      assertThat(ended).as(said).isTrue();
      assertThat(process.exitValue()).as(said).isZero();
      return said;
    } finally {
      process.destroyForcibly();
      Files.deleteIfExists(out);
    }
  }
}
