package dev.sluice.sim;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

/** The simulation notices mistakes: each {@link Fault}, within so many histories. */
class FaultsTest {
  private static final int SEEDS_MAX = 150;

  /** As many as the faults need, and the loader is all that is different. */
  private static final int SEEDS_OF_HEALTHY = 10;

  private static final Logger STREAMS =
      (Logger) LoggerFactory.getLogger("org.apache.kafka.streams");

  /** It says at length what goes wrong here on purpose. */
  @BeforeAll
  static void quiet() {
    STREAMS.setLevel(Level.OFF);
  }

  @AfterAll
  static void asBefore() {
    STREAMS.setLevel(null);
  }

  @ParameterizedTest
  @EnumSource(Fault.class)
  void shouldBreakAnInvariantWhenThereIsAFault(Fault fault) throws ReflectiveOperationException {
    var loader = new FaultyLoader(fault);
    for (int seed = 0; seed < SEEDS_MAX; seed++) {
      var invariant = loader.brokenBy(seed);
      if (invariant != null) {
        System.out.printf(
            "| %s | %s | %d |%n",
            fault.name().toLowerCase(Locale.ROOT).replace('_', ' '), invariant, seed + 1);
        assertThat(invariant).matches("(" + fault.caughtBy + ")\\b.*");
        return;
      }
    }
    assertThat(SEEDS_MAX).as("histories that noticed nothing of " + fault).isZero();
  }

  @Test
  void shouldShowAFailureInFewSteps() throws ReflectiveOperationException {
    var report = new FaultyLoader(Fault.OVERLAP_FORGOTTEN).reportOf(1);

    assertThat(report).contains("Seed 1 breaks I", "-Dsluice.seed=1");
    assertThat(report.lines().filter(line -> line.matches("\\d+ .*"))).hasSizeLessThan(15);
  }

  @Test
  void shouldBreakNothingWhenThereIsNone() throws ReflectiveOperationException {
    var loader = new FaultyLoader();
    for (int seed = 0; seed < SEEDS_OF_HEALTHY; seed++) {
      assertThat(loader.brokenBy(seed)).as("seed " + seed).isNull();
    }
  }
}
