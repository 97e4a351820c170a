package dev.sluice.testing;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** Commands of the operating system. */
public final class Commands {
  private static final int SECONDS_MAX = 10;

  private Commands() {}

  /** Runs one; false where it failed, hangs, or is not there. */
  public static boolean succeeds(String... command) throws InterruptedException {
    try {
      var process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getInputStream().readAllBytes();
      return process.waitFor(SECONDS_MAX, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException none) {
      return false;
    }
  }
}
