package dev.sluice.it.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class GuardTest {

  private static Process sleeper() throws IOException {
    return new ProcessBuilder("sleep", "600").start();
  }

  @Test
  void shouldKillRemainingProcessesWhenThePipeCloses() throws Exception {
    var running = sleeper();
    var frozen = sleeper();
    try {
      new ProcessBuilder("kill", "-STOP", String.valueOf(frozen.pid())).start().waitFor();
      try (var guard = new Guard()) {
        guard.watch(running);
        guard.watch(frozen);
      }

      assertThat(running.waitFor(10, TimeUnit.SECONDS)).isTrue();
      assertThat(frozen.waitFor(10, TimeUnit.SECONDS)).isTrue();
    } finally {
      running.destroyForcibly();
      frozen.destroyForcibly();
    }
  }

  @Test
  void shouldNotKillForgottenProcesses() throws Exception {
    var other = sleeper();
    try {
      try (var guard = new Guard()) {
        guard.watch(other);
        guard.forget(other);
      }

      assertThat(other.isAlive()).isTrue();
    } finally {
      other.destroyForcibly();
    }
  }
}
