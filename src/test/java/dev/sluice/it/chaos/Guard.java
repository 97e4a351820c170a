package dev.sluice.it.chaos;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Set;
import java.util.TreeSet;

/**
 * Kills processes that outlive this one, however it ends, and those that are frozen too: a shell
 * that is told which there are, and acts when the pipe to it closes.
 */
public final class Guard implements AutoCloseable {
  private static final String SCRIPT =
      "trap '' INT TERM HUP; pids=; while read -r line; do pids=$line; done;"
          + " [ -z \"$pids\" ] || kill -KILL $pids";

  private final Process shell;
  private final Set<Long> pids = new TreeSet<>();

  /** With nothing to watch yet. */
  public Guard() {
    try {
      shell =
          new ProcessBuilder("/bin/sh", "-c", SCRIPT)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Adds a process. */
  public synchronized void watch(Process process) {
    pids.add(process.pid());
    tell();
  }

  /** Its number may be another process's from now on. */
  synchronized void forget(Process process) {
    pids.remove(process.pid());
    tell();
  }

  private void tell() {
    try {
      var line = String.join(" ", pids.stream().map(String::valueOf).toList()) + "\n";
      shell.getOutputStream().write(line.getBytes(UTF_8));
      shell.getOutputStream().flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Kills those that are still watched. */
  @Override
  public void close() {
    try {
      shell.getOutputStream().close();
      shell.waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
