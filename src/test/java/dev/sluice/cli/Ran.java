package dev.sluice.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import picocli.CommandLine;

/**
 * A command line that was run in this process. A test that runs one locks {@code
 * Resources.SYSTEM_ERR}.
 *
 * @param status its exit status
 * @param said what stood on standard error meanwhile
 */
public record Ran(int status, String said) {

  /** Runs it to its end. */
  public static Ran of(String... arguments) {
    return of(SluiceCommand.line(DevelopmentTools.find()), arguments);
  }

  /** Runs it on a command line that was put together before. */
  static Ran of(CommandLine line, String... arguments) {
    var before = System.err;
    var seen = new ByteArrayOutputStream();
    int status;
    try (var stream = new PrintStream(seen, true, UTF_8)) {
      System.setErr(stream);
      status = line.execute(arguments);
    } finally {
      System.setErr(before);
    }
    return new Ran(status, seen.toString(UTF_8));
  }
}
