package dev.sluice.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.launcher.core.LauncherConfig;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** The line about skipped tests, from runs of the classes below, which no build runs by itself. */
class SkippedTestsTest {
  @TempDir private Path folder;

  /** Each needs something of its own. */
  static final class OneByOne {
    @Test
    void needsDocker() {
      Requirement.DOCKER.require(false);
    }

    @Test
    void needsNothing() {
      Requirement.DOCKER.require(true);
    }

    @Test
    void needsAProgramThatIsNowhere() {
      Requirement.KCAT.requireOnPath("java", "no-such-program");
    }
  }

  /** All are skipped by the set-up. */
  static final class AllTogether {
    @BeforeAll
    static void start() {
      Requirement.DOCKER.require(false);
    }

    @Test
    void one() {}

    @Test
    void two() {}
  }

  private String lineAfter(Class<?>... classes) throws Exception {
    var config =
        LauncherConfig.builder()
            .enableTestExecutionListenerAutoRegistration(false)
            .addTestExecutionListeners(new SkippedTests(folder))
            .build();
    for (var each : classes) {
      LauncherFactory.create(config)
          .execute(LauncherDiscoveryRequestBuilder.request().selectors(selectClass(each)).build());
    }
    return Files.readString(folder.resolve("skipped-tests.txt"));
  }

  @Test
  void shouldAddUpTheTestsOfSeveralRuns() throws Exception {
    assertThat(lineAfter(OneByOne.class, AllTogether.class))
        .isEqualTo(
            "Skipped for want of Docker: 3 tests (SkippedTestsTest$AllTogether,"
                + " SkippedTestsTest$OneByOne); kcat: 1 test (SkippedTestsTest$OneByOne)");
  }

  @Test
  void shouldReportThatNothingIsMissing() {
    assertThat(SkippedTests.summary(List.of())).isEqualTo("Skipped for want of a program: no test");
  }
}
