package dev.sluice.it;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static dev.sluice.event.Events.approved;
import static dev.sluice.event.Events.published;
import static dev.sluice.user.UserEvents.deactivated;
import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Page.GetByRoleOptions;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.AriaRole;
import dev.sluice.app.WorkerApp;
import dev.sluice.avro.AccessCommand;
import dev.sluice.avro.AccessResult;
import dev.sluice.avro.DeliveryOutcome;
import dev.sluice.avro.ErrorClass;
import dev.sluice.config.SluiceConfig;
import dev.sluice.event.Event;
import dev.sluice.testing.CommandRunner;
import dev.sluice.testing.DeliveryView;
import dev.sluice.testing.TestCluster;
import dev.sluice.testing.Workers;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Outstanding commands in the console, in a real browser on a worker that runs delivery. */
class ConsoleDeliveriesIT {
  private static final int TIMEOUT_MS = 60_000;
  private static final String EVIL = "<img src=x onerror=\"document.title='taken'\">";

  @RegisterExtension static final TestCluster CLUSTER = TestCluster.shared();

  private static WorkerApp app;
  private static CommandRunner runner;
  private static Browser browser;
  private static String url;

  private final List<String> errors = new ArrayList<>();
  private BrowserContext visitor;
  private Page page;

  @BeforeAll
  static void start() throws Exception {
    browser = Browser.start();
    var config =
        CLUSTER.config(
            "console-deliveries",
            Map.of(
                "schema.registry.url", CLUSTER.registry().url(),
                "http.port", "0",
                "http.host", "127.0.0.1",
                "http.query.timeout.ms", "60000",
                "delivery.enabled", "true",
                "delivery.grant.deadline.ms", "1000",
                "delivery.revoke.deadline.ms", "1000"));
    app = WorkerApp.start(config, List.of());
    app.worker().awaitRunning(Workers.TIMEOUT);
    Objects.requireNonNull(app.delivery()).awaitRunning(Workers.TIMEOUT);
    url = "http://localhost:" + app.port() + "/";
    runner = new CommandRunner(config, ConsoleDeliveriesIT::result);
    var events = new ArrayList<Event>();
    events.add(published("p1", "orders", "never", "person"));
    events.add(approved("p1", "r1", "ana"));
    events.add(approved("p1", "r2", "ben"));
    Workers.publish(config, events);
    awaitOverdue(config, 4, "GRANT");
    Workers.publish(config, deactivated("ben"));
    awaitOverdue(config, 2, "REVOKE");
  }

  private static void awaitOverdue(SluiceConfig config, long count, String action) {
    Awaitility.await()
        .atMost(Workers.TIMEOUT)
        .until(
            () ->
                DeliveryView.read(config).values().stream()
                        .filter(
                            d -> d.getAction().name().equals(action) && d.getOverdueSince() != null)
                        .count()
                    == count);
  }

  private static @Nullable AccessResult result(AccessCommand command) {
    var result =
        AccessResult.newBuilder()
            .setUserId(command.getUserId())
            .setSourceType(command.getSourceType())
            .setSourceId(command.getSourceId())
            .setAction(command.getAction())
            .setEpoch(command.getEpoch())
            .setRevision(command.getRevision())
            .setAt(Instant.now());
    return switch (command.getSourceId()) {
      case "never" -> null;
      case "person" ->
          result
              .setOutcome(DeliveryOutcome.FAILED)
              .setErrorClass(ErrorClass.NEEDS_PERSON)
              .setMessage(EVIL)
              .build();
      default -> result.setOutcome(DeliveryOutcome.APPLIED).build();
    };
  }

  @AfterAll
  static void stop() throws Exception {
    if (runner != null) {
      runner.close();
    }
    if (app != null) {
      app.close();
    }
    if (browser != null) {
      browser.close();
    }
  }

  private void visit(int width) {
    leave();
    visitor = browser.visitor(new NewContextOptions().setViewportSize(width, 900));
    visitor.setDefaultTimeout(TIMEOUT_MS);
    PlaywrightAssertions.setDefaultAssertionTimeout(TIMEOUT_MS);
    page = visitor.newPage();
    page.onPageError(errors::add);
  }

  @AfterEach
  void leave() {
    if (visitor != null) {
      visitor.close();
    }
    assertThat(errors).isEmpty();
  }

  private void open(String view) {
    page.navigate(url + view);
    assertThat(page.locator("main:not([aria-busy]) h1")).isVisible();
  }

  private void link(String name) {
    page.getByRole(AriaRole.LINK, new GetByRoleOptions().setName(name).setExact(true)).click();
  }

  private com.microsoft.playwright.Locator table(String caption) {
    return page.getByRole(AriaRole.REGION, new GetByRoleOptions().setName(caption).setExact(true));
  }

  @Test
  void shouldShowWhatIsOverdueFirstAndTheRestByFilter() {
    visit(1280);
    open("#/");
    assertThat(page.locator("section a.late")).hasText("4");
    link("4");
    assertThat(page.locator("h1")).hasText("Deliveries");
    assertThat(table("Access that should be gone").locator("tbody tr")).hasCount(2);
    assertThat(table("Access that should be gone")).containsText("ben");
    assertThat(table("Access that should be there").locator("tbody tr")).hasCount(2);
    assertThat(table("Access that should be there")).containsText(EVIL);
    assertThat(table("Commands that are not confirmed").last().locator("tbody tr")).hasCount(4);
    assertThat(page).hasTitle("Deliveries – Sluice");

    page.locator("#state").selectOption("FAILED");
    page.locator("#user").fill("ana");
    page.getByRole(AriaRole.BUTTON, new GetByRoleOptions().setName("Filter")).click();
    var found = table("Commands that are not confirmed, as filtered");
    assertThat(found.locator("tbody tr")).hasCount(1);
    assertThat(found).containsText("person");
    assertThat(page.locator("#user")).hasValue("ana");

    page.locator("#user").fill("nobody");
    page.getByRole(AriaRole.BUTTON, new GetByRoleOptions().setName("Filter")).click();
    assertThat(page.getByText("No outstanding command is like this.")).isVisible();
  }

  @Test
  void shouldSayBesideDecisionsWhatIsOutstanding() {
    visit(1280);
    open("#/explain?user=ben&source=never");
    assertThat(page.locator(".note.bad").last())
        .containsText("revoked by the decision, not yet confirmed by Snowflake");
    link("All outstanding commands of ben");
    assertThat(table("Commands that are not confirmed, as filtered").locator("tbody tr"))
        .hasCount(2);

    open("#/explain?user=ana&source=orders");
    assertThat(page.locator(".note.good").last()).containsText("nothing is outstanding");

    open("#/user?id=ana");
    assertThat(table("Sources that ana can read")).containsText("nothing outstanding");
    assertThat(table("Sources that ana can read")).containsText("FAILED, overdue");
    assertThat(table("Commands for ana that are not confirmed").locator("tbody tr")).hasCount(2);
    // A leaver has no sources, but may still have access on platforms.
    open("#/user?id=ben");
    assertThat(table("Commands for ben that are not confirmed").locator("tbody tr")).hasCount(2);
  }

  @Test
  void shouldBeAccessibleAndFitWideAndNarrowScreens() {
    for (var width : List.of(1280, 390)) {
      visit(width);
      for (var view :
          List.of(
              "#/deliveries",
              "#/deliveries?user=ana",
              "#/user?id=ana",
              "#/explain?user=ben&source=never")) {
        open(view);
        var serious =
            new AxeBuilder(page)
                .analyze().getViolations().stream()
                    .filter(v -> List.of("serious", "critical").contains(v.getImpact()))
                    .map(v -> v.getId() + ": " + v.getNodes())
                    .toList();
        assertThat(serious).as("%s %d", view, width).isEmpty();
        assertThat(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))
            .as("%s fits %d", view, width)
            .isEqualTo(true);
      }
    }
  }
}
