package dev.sluice.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A program that is not of this project, such as Prometheus'. */
public final class Tool {
  private static final int SECONDS_MAX = 60;

  private Tool() {}

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
