package dev.sluice.prom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/** A program of Prometheus'. */
public final class Tool {
  private static final int SECONDS_MAX = 60;

  private Tool() {}

  /** Skips the test, and says so, where the program is not installed. */
  public static void require(String program) {
    var there =
        Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
            .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    var message = program + " is not installed (Debian's package prometheus has it): skipped";
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
