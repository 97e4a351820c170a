package dev.sluice.testing;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/** Defaults of every test: a wait has room for a busy machine, and ends with its evidence. */
public final class Defaults implements LauncherSessionListener {
  private static final Duration WAIT_MAX = Duration.ofSeconds(240);

  @Override
  public void launcherSessionOpened(LauncherSession session) {
    Awaitility.setDefaultTimeout(WAIT_MAX);
  }
}
