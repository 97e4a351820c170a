package dev.sluice.it;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType.LaunchOptions;
import com.microsoft.playwright.Playwright;
import dev.sluice.testing.Requirement;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A real browser, which contacts only the pages that the test opens. */
final class Browser implements AutoCloseable {
  private static final String[] PROGRAMS = {"chromium", "chromium-browser", "google-chrome"};

  private final Playwright playwright;
  private final com.microsoft.playwright.Browser browser;

  private Browser(Path program) {
    playwright =
        Playwright.create(
            new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
    browser =
        playwright
            .chromium()
            .launch(
                new LaunchOptions()
                    .setExecutablePath(program)
                    // Of no use here: it runs as whoever builds, root in containers, and sees
                    // this program's pages alone.
                    .setChromiumSandbox(false)
                    .setArgs(
                        List.of(
                            "--disable-gpu",
                            "--disable-background-networking",
                            "--disable-component-update",
                            "--disable-quic",
                            "--no-first-run")));
  }

  /** Starts the browser; skips the test where there is none. */
  static Browser start() {
    var program = Requirement.onPath(PROGRAMS);
    Requirement.CHROMIUM.require(program.isPresent());
    return new Browser(program.orElseThrow());
  }

  /** A fresh session without any history. */
  BrowserContext visitor(com.microsoft.playwright.Browser.NewContextOptions options) {
    return browser.newContext(options);
  }

  @Override
  public void close() {
    browser.close();
    playwright.close();
  }
}
