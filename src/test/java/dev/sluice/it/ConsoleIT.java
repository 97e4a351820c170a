package dev.sluice.it;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Page.GetByRoleOptions;
import com.microsoft.playwright.Route.FulfillOptions;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import dev.sluice.event.Events;
import dev.sluice.event.Payload;
import dev.sluice.event.ProductEvent;
import dev.sluice.testing.CommittedLog;
import dev.sluice.testing.TestCluster;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The console as its readers have it, in a real browser on a running worker. With {@code
 * -Dconsole.pictures=FOLDER} its views are kept as pictures there.
 */
@TestMethodOrder(OrderAnnotation.class)
class ConsoleIT {
  private static final int TIMEOUT_MS = 60_000;

  /** For the pictures: so many rounds of at most so many approvals, a second each or so. */
  private static final int ROUNDS = 60;

  private static final int ROUND = 400;
  private static final String EVIL = "<img src=x onerror=\"document.title='taken'\">";

  /** The paths of the views, and the names of their pictures. */
  private static final Map<String, String> VIEWS =
      Map.ofEntries(
          Map.entry("#/", ""),
          Map.entry("#/products", "-products"),
          Map.entry("#/product?id=sales", "-product"),
          Map.entry("#/product?id=marketing", "-deleted"),
          Map.entry("#/request?id=r6", "-request"),
          Map.entry("#/user?id=ana", "-user"),
          Map.entry("#/source?id=customers", "-source"),
          Map.entry("#/search?q=sales", "-search"),
          Map.entry("#/search?q=nobody", "-nothing"),
          Map.entry("#/explain", "-ask"),
          Map.entry("#/explain?user=ben&source=orders", "-revoked"),
          Map.entry("#/explain?user=zoe&source=reach", "-explain"),
          Map.entry("#/preview?type=ProductSuspended&product=sales", "-preview"));

  @RegisterExtension static final TestCluster CLUSTER = TestCluster.shared();

  private static ApiSite site;
  private static Browser browser;
  private static String url;

  private final Random random = new Random(1);
  private final Set<String> hosts = new HashSet<>();
  private final List<String> errors = new ArrayList<>();
  private BrowserContext visitor;
  private Page page;

  @BeforeAll
  static void start() throws Exception {
    browser = Browser.start();
    site = new ApiSite(CLUSTER, "console", 1);
    url = "http://127.0.0.1:" + site.instances.getFirst().port() + "/";
    publish(story());
    publish(
        Stream.of(
                Events.publishedWithApproval("reach", "reach", "orders"),
                Events.requested("reach", "r7", "zoe"),
                Events.denied("reach", "r7"),
                Events.approved("reach", "r8", "zoe"),
                Events.suspended("reach"),
                Events.published("trap", EVIL, Events.sources("bait")),
                Events.published("review", Events.sources("reach"), Events.policy("one", "two")),
                Events.requested("review", "r6", "zoe"),
                Events.determined("review", "r6", Payload.Decision.APPROVE))
            .map(EventText::of)
            .toList());
  }

  @AfterAll
  static void stop() {
    if (browser != null) {
      browser.close();
    }
    if (site != null) {
      site.close();
    }
  }

  /** The demo's, with its temporary access made a long one. */
  private static List<String> story() throws IOException {
    try (var file = ConsoleIT.class.getResourceAsStream("/demo/story.jsonl")) {
      return new String(file.readAllBytes(), UTF_8)
          .replace("\"+4s\"", "\"2099-01-01T00:00:00Z\"")
          .lines()
          .toList();
    }
  }

  private static void publish(List<String> events) throws Exception {
    var taken =
        site.post(
            0, "/v1/events", site.storyteller, "application/x-ndjson", String.join("\n", events));
    assertThat(taken.statusCode()).as(taken.body()).isEqualTo(202);
    site.settle();
  }

  private static void publish(ProductEvent... events) throws Exception {
    publish(Stream.of(events).map(EventText::of).toList());
  }

  @BeforeEach
  void visit() {
    visit(new NewContextOptions().setViewportSize(1280, 900));
  }

  private void visit(NewContextOptions options) {
    if (visitor != null) {
      visitor.close();
    }
    visitor = browser.visitor(options);
    visitor.setDefaultTimeout(TIMEOUT_MS);
    PlaywrightAssertions.setDefaultAssertionTimeout(TIMEOUT_MS);
    page = visitor.newPage();
    page.onRequest(request -> hosts.add(URI.create(request.url()).getAuthority()));
    page.onPageError(errors::add);
    page.onConsoleMessage(
        message -> {
          // The console shows refusals of the API too.
          if (message.type().equals("error") && !message.text().contains("Failed to load")) {
            errors.add(message.text());
          }
        });
  }

  @AfterEach
  void leave() {
    assertThat(errors).isEmpty();
    assertThat(hosts).allMatch(host -> host.equals(URI.create(url).getAuthority()));
    visitor.close();
  }

  private void enter() {
    page.navigate(url);
    page.getByLabel("Token").fill(site.reader);
    page.getByText("Enter", new Page.GetByTextOptions().setExact(true)).click();
    assertThat(heading("Overview")).isVisible();
  }

  private void open(String view) {
    page.navigate(url + view);
    ready();
  }

  private void ready() {
    assertThat(page.locator("main:not([aria-busy]) h1")).isVisible();
    assertThat(page.locator("#link")).hasText("live");
    assertThat(page.getByText("…", new Page.GetByTextOptions().setExact(true))).hasCount(0);
    assertThat(page.getByText("Computing …")).hasCount(0);
  }

  private Locator heading(String text) {
    return page.getByRole(AriaRole.HEADING, new GetByRoleOptions().setName(text));
  }

  private String card(String name) {
    return page.locator(".card")
        .filter(
            new Locator.FilterOptions()
                .setHas(
                    page.locator(
                        "dt",
                        new Page.LocatorOptions().setHasText(Pattern.compile("^" + name + "$")))))
        .first()
        .locator("dd")
        .innerText();
  }

  @Test
  @Order(1)
  void shouldAskForATokenAndKeepItInTheTab() {
    page.navigate(url);
    assertThat(heading("Token required")).isVisible();
    page.getByLabel("Token").fill("wrong");
    page.keyboard().press("Enter");
    assertThat(page.getByRole(AriaRole.ALERT)).containsText("the token is unknown");
    page.getByLabel("Token").fill(site.reader);
    page.keyboard().press("Enter");
    assertThat(heading("Overview")).isVisible();
    ready();

    page.reload();
    ready();
    assertThat(page.evaluate("localStorage.length + document.cookie.length")).isEqualTo(0);
    var other = visitor.newPage();
    other.navigate(url);
    assertThat(other.getByRole(AriaRole.HEADING, new GetByRoleOptions().setName("Token required")))
        .isVisible();

    page.getByText("Remove the token").click();
    assertThat(heading("Token required")).isVisible();
  }

  @Tag("heavy") // every view in every theme takes long
  @Test
  @Order(2)
  void shouldBeAccessibleInEveryViewAndTheme() throws Exception {
    for (var scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
      // Colours are the same in both widths.
      for (int width : scheme == ColorScheme.DARK ? new int[] {1280} : new int[] {1280, 390}) {
        visit(
            new NewContextOptions()
                .setViewportSize(width, 900)
                .setColorScheme(scheme)
                .setTimezoneId("UTC"));
        enter();
        for (var view : VIEWS.keySet()) {
          open(view);
          assertThat(serious()).as("%s %s %d", view, scheme, width).isEmpty();
          // A page as wide as its window: what is wider scrolls in its own box.
          assertThat(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))
              .as("%s fits %d", view, width)
              .isEqualTo(true);
          keep(view, scheme, width);
        }
      }
    }
  }

  private List<String> serious() {
    return new AxeBuilder(page)
        .analyze().getViolations().stream()
            .filter(v -> Set.of("serious", "critical").contains(v.getImpact()))
            .map(v -> v.getId() + ": " + v.getHelp() + " " + v.getNodes().getFirst().getHtml())
            .toList();
  }

  private void keep(String view, ColorScheme scheme, int width) throws IOException {
    var pictures = System.getProperty("console.pictures");
    var name =
        "console"
            + VIEWS.get(view)
            + (scheme == ColorScheme.DARK ? "-dark" : "")
            + (width < 1000 ? "-narrow" : "")
            + ".png";
    if (pictures != null) {
      var file = Files.createDirectories(Path.of(pictures)).resolve(name);
      page.screenshot(new Page.ScreenshotOptions().setPath(file).setFullPage(true));
    }
  }

  @Test
  @Order(3)
  void shouldWorkWithTheKeyboardAlone() {
    enter();
    page.reload();
    ready();
    page.keyboard().press("Tab");
    assertThat(page.getByText("Skip to content")).isFocused();
    page.keyboard().press("Enter");
    assertThat(page.locator("main")).isFocused();
    page.getByRole(AriaRole.SEARCHBOX).focus();
    page.keyboard().type("customers");
    page.keyboard().press("Enter");
    assertThat(heading("Found for customers")).isVisible();
    assertThat(page.locator("main")).isFocused();
    page.keyboard().press("Tab");
    page.keyboard().press("Enter");
    assertThat(heading("Users who can read customers")).isVisible();
    // The table scrolls with the arrows where it is wide; then comes the first user.
    page.keyboard().press("Tab");
    page.keyboard().press("Tab");
    page.keyboard().press("Enter");
    assertThat(heading("Sources that ana can read")).isVisible();
  }

  @Test
  @Order(4)
  void shouldMarkTheBlockerInAnExplanation() {
    enter();
    open("#/explain");
    page.getByLabel("User", new Page.GetByLabelOptions().setExact(true)).fill("zoe");
    page.getByLabel("Source", new Page.GetByLabelOptions().setExact(true)).fill("reach");
    page.keyboard().press("Enter");
    assertThat(page.getByText("No. zoe does not have reach")).isVisible();
    assertThat(page.locator("svg.path .why"))
        .hasText(new String[] {"✕ denied", "✕ suspended", "✕ pending, stage 2"});
    assertThat(page.locator("svg.path .edge.cut")).hasCount(3);
    var picture = page.getByRole(AriaRole.IMG);
    assertThat(picture)
        .hasAccessibleName(Pattern.compile("reach: the product is suspended.*review: request r6"));

    open("#/explain?user=ana&source=orders");
    assertThat(page.getByText("Yes. ana has orders")).isVisible();
    assertThat(page.locator("svg.path g.gives")).hasCount(3);
  }

  @Test
  @Order(5)
  void shouldPreviewTheRealEffect() throws Exception {
    enter();
    open("#/product?id=sales");
    page.getByText("Preview: suspend").click();
    assertThat(page.getByText("Outcome:")).isVisible();
    var revokes = Integer.parseInt(card("revokes"));
    assertThat(revokes).isPositive();
    assertThat(card("grants")).isEqualTo("0");
    var before = CommittedLog.read(site.config).commands.size();

    publish(Events.suspended("sales"));
    assertThat(CommittedLog.read(site.config).commands).hasSize(before + revokes);
    publish(Events.resumed("sales"));
  }

  @Test
  @Order(6)
  void shouldUpdateTheOverviewByItself() throws Exception {
    enter();
    ready();
    var all = site.get(0, "/v1/overview").body();
    var known = Pattern.compile("\"SUSPENDED\":(\\d+)").matcher(all);
    assertThat(known.find()).as(all).isTrue();
    var suspended = Integer.parseInt(known.group(1));
    publish(Events.suspended("trap"));
    assertThat(
            page.locator(".card")
                .filter(new Locator.FilterOptions().setHasText("suspended"))
                .locator("dd"))
        .hasText(Integer.toString(suspended + 1));
    publish(Events.resumed("trap"));
  }

  @Test
  @Order(7)
  void shouldShowForeignTextsAsPlainText() {
    enter();
    for (var view : List.of("#/products", "#/product?id=trap", "#/search?q=trap")) {
      open(view);
      assertThat(page.getByText(EVIL).first()).isVisible();
    }
    page.navigate(url + "#/user?id=" + "%3Cimg%20src%3Dx%3E");
    ready();
    assertThat(heading("Sources that <img src=x> can read")).isVisible();
    assertThat(page.locator("main img")).hasCount(0);
    assertThat(page.title()).doesNotContain("taken");
  }

  @Test
  @Order(8)
  void shouldShowSweepProgressAndMissingShards() {
    enter();
    page.route(
        "**/v1/live",
        route ->
            route.fulfill(
                new FulfillOptions()
                    .setContentType("text/event-stream")
                    .setBody(
                        """
                        event: live
                        data: {"at":"2026-01-05T09:00:00Z","overview":{"products":\
                        {"ACTIVE":1,"SUSPENDED":0,"DELETED":0},"requests":{"PENDING":0,\
                        "APPROVED":9,"DENIED":0,"CANCELED":0,"REVOKED":0,"EXPIRED":0},\
                        "members":4000,"sweeps":2},"sweeping":[{"productId":"lake","revision":3,\
                        "membersLeft":1000,"members":4000}]}

                        event: trouble
                        data: {"detail":"users-2 is missing"}

                        """)));
    page.reload();
    var progress = page.getByRole(AriaRole.PROGRESSBAR);
    assertThat(progress).hasAttribute("value", "3000");
    assertThat(progress).hasAccessibleName("Members of lake already processed");
    assertThat(page.locator("#link")).hasText("some answers are missing");
    assertThat(page.getByText("unknown: Kafka does not report it").first()).isVisible();
    assertThat(serious()).isEmpty();
  }

  @Test
  @Order(10)
  void shouldShowTheRateOfCommands() throws Exception {
    enter();
    ready();
    var pictures = System.getProperty("console.pictures");
    publish(Events.published("lake", Events.sources("lake-1", "lake-2", "lake-3", "lake-4")));
    for (int round = 0; round < (pictures == null ? 3 : ROUNDS); round++) {
      var first = round * ROUND;
      publish(
          IntStream.range(first, first + 20 + random.nextInt(ROUND - 20))
              .mapToObj(i -> Events.approved("lake", "lake-" + i, "user-" + i))
              .toArray(ProductEvent[]::new));
    }
    assertThat(page.getByText("; at most")).hasText(Pattern.compile("; at most [1-9].*"));
    keep("#/", ColorScheme.LIGHT, 1280);
  }

  @Test
  @Order(9)
  void shouldServeThePageWithAStrictContentPolicy() throws Exception {
    var answer = site.send(site.request(0, "/", null));
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Security-Policy").orElse(""))
        .contains("default-src 'none'")
        .contains("frame-ancestors 'none'");
    var referred = Pattern.compile("(?:src|href)=\"([^\"#]+)\"").matcher(answer.body());
    while (referred.find()) {
      assertThat(referred.group(1)).doesNotContain("//");
    }
  }

  @Test
  @Order(20)
  void shouldReportALostConnectionAndReleaseTheViewer() {
    enter();
    ready();
    var began = System.nanoTime();
    site.instances.getFirst().closePort();
    assertThat((System.nanoTime() - began) / 1_000_000_000).isLessThan(20);
    assertThat(page.locator("#link")).hasText("no connection");
    page.navigate(url + "#/products");
    assertThat(page.getByRole(AriaRole.ALERT)).containsText("does not answer");
  }
}
