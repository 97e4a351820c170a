package dev.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.client.EventPublisher;
import dev.sluice.event.DataSource;
import dev.sluice.event.Events;
import dev.sluice.prom.Charts;
import dev.sluice.prom.Dashboards;
import dev.sluice.prom.Rules;
import dev.sluice.testing.Requirement;
import dev.sluice.testing.Tool;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * A real Prometheus with the rules of deploy/ watches a worker's process: every panel of the
 * dashboards has something to show, no alert is true while all is well, and each one turns true
 * when what it is for has happened.
 *
 * <p>Without more, all times of the rules are a sixtieth. {@code mvn verify -Pheavy
 * -Dit.test=PrometheusIT -Dprometheus.shortened=1} takes them as they are, and some forty minutes;
 * {@code -Dprometheus.pictures=docs/images} draws the panels. The file target/alerts.md holds each
 * fault, and how soon it was seen.
 */
@Isolated("it watches for seconds what a busy machine would pass over")
@Tag("heavy")
class PrometheusIT {
  private static final int SHORTENED = Integer.getInteger("prometheus.shortened", 60);
  private static final String PICTURES = System.getProperty("prometheus.pictures", "");
  private static final Duration EVERY = Duration.ofMillis(SHORTENED > 20 ? 500 : 2_000);

  /** Maximum wait until a change is visible. */
  private static final Duration SEEN = Duration.ofSeconds(60 + 1_500 / SHORTENED);

  private static final int MEMBERS = 3_000;
  private static final int SOURCES = 300;

  /** The number of bad events that raises no alarm. */
  private static final int FEW = 8;

  /** An id that the registry does not have, so that it is asked. */
  private static final byte[] UNKNOWN_SCHEMA = {0, 0, 0, 16, 1, 2, 3};

  /** Has something to show only while state is restored. */
  private static final String WHILE_RESTORING = "Sluice: capacity / Time left, about";

  private AlertWatch watch;
  private WatchedSite site;
  @TempDir private Path folder;

  @BeforeAll
  static void requirePrometheus() {
    Requirement.PROMETHEUS.requireOnPath("prometheus", "promtool");
  }

  @Test
  void shouldFillEveryPanelAndRaiseEveryAlert() throws Exception {
    var began = Instant.now();
    try (var started = new WatchedSite(folder, Rules.shortened(SHORTENED), EVERY, SHORTENED > 1)) {
      site = started;
      watch = new AlertWatch(site.prometheus(), SHORTENED, SEEN, PrometheusIT::isCausedHere);
      showEverything();
      watch.awaitNone();
      badEvents();
      openTransaction();
      registryAway();
      sweepHeldUp();
      kafkaAway();
      worker();
      restore();
      setAside();
      disk();
      watch.seen("SluiceAbsent", "no worker is to be found", () -> site.prometheus().scrape());
      if (!PICTURES.isEmpty()) {
        draw(began);
      }
    } finally {
      Files.write(Path.of("target/alerts.md"), watch == null ? List.of() : watch.table());
    }
    var skipped = site.hasSmallDisk() ? 0 : 2;
    assertThat(watch.table()).hasSize(watch.count() - skipped);
  }

  /**
   * DeliveryAlertsIT has those about delivery. Users who leave are too quick here for a fault amid
   * them: promtool tries that alert alone.
   */
  private static boolean isCausedHere(String alert) {
    return !AlertWatch.isAboutDelivery(alert) && !alert.contains("sluice_users_left");
  }

  private static List<DataSource> sources(int count) {
    return IntStream.range(0, count).mapToObj(i -> Events.source("w" + i)).toList();
  }

  private static Instant soon() {
    return Instant.now().plusSeconds(2);
  }

  private void showEverything() throws Exception {
    Awaitility.await("the worker runs, and is scraped")
        .atMost(SEEN)
        .until(
            () ->
                !site.prometheus().query("sluice_worker_state{state=\"running\"} == 1").isEmpty());
    var open = new ArrayList<>(Dashboards.questions());
    open.removeIf(question -> question.panel().equals(WHILE_RESTORING));
    open.removeIf(question -> AlertWatch.isAboutDelivery(question.expression()));
    try (var events = new EventPublisher(site.config())) {
      prepare(events);
      var rounds = new AtomicInteger();
      Awaitility.await("every panel has something to show")
          .atMost(SEEN)
          .untilAsserted(
              () -> {
                something(events, rounds.incrementAndGet());
                open.removeIf(watch::answers);
                assertThat(open).isEmpty();
              });
    }
    var metrics = Files.writeString(folder.resolve("metrics.txt"), site.metrics());
    Tool.run(metrics, "promtool", "check", "metrics");
  }

  /** Two products, one of them with many members and about to be swept. */
  private static void prepare(EventPublisher events) {
    events.send(Events.publishedWithApproval("sales", "s1", "s2"));
    events.send(Events.published("wide", sources(1)));
    for (int i = 0; i < MEMBERS; i++) {
      events.send(Events.approved("wide", "r" + i, "u" + i));
    }
    events.send(Events.replaced("wide", sources(SOURCES)));
    events.flush();
  }

  /** A bit of all that happens every day, and of what should not. */
  private static void something(EventPublisher events, int round) {
    events.send(Events.approved("sales", "a" + round, "u" + round));
    events.send(Events.requested("sales", "q" + round, "v" + round));
    events.send(
        Events.at(Instant.now(), Events.approvedUntil("sales", "t" + round, "w" + round, soon())));
    events.send(Events.suspended("sales"));
    events.send(Events.suspended("sales"));
    events.send(Events.resumed("sales"));
    if (round <= FEW) {
      events.send(Events.resumed("unknown"));
    }
    events.flush();
  }

  private void badEvents() throws Exception {
    watch.seen(
        "SluiceRevocationRejected",
        "an AccessRevoked of somebody who has no access",
        () -> site.publish(Events.allRevoked("sales", "nobody")));
    watch.seen(
        "SluiceRejectedEventsRising",
        "thirty records that are no events",
        () -> site.publishBytes(30, (byte) 1));
  }

  private void openTransaction() throws Exception {
    var began = System.nanoTime();
    try (var open = site.openTransaction()) {
      assertThat(open).isNotNull();
      site.publish(Events.suspended("sales"), Events.resumed("sales"));
      watch.seen(
          "SluiceNotProcessing",
          "a producer's transaction stays open before events",
          began,
          () -> watch.isTrue("SluiceNotProcessing"));
      watch.seen(
          "SluiceTooLate", "the same, for longer", began, () -> watch.isTrue("SluiceTooLate"));
    }
    watch.seen("SluiceCommandsLate", "the transaction ends", () -> {});
  }

  private void registryAway() throws Exception {
    site.publish(Events.at(Instant.now(), Events.approvedUntil("sales", "r50", "u50", soon())));
    site.stopRegistry();
    watch.seen(
        "SluiceThreadBlocked",
        "an event comes whose schema is not known, and the registry is away",
        () -> site.publishBytes(1, UNKNOWN_SCHEMA));
    watch.seen(
        "SluiceRevocationsOverdue",
        "access ends meanwhile",
        System.nanoTime(),
        () -> watch.isTrue("SluiceRevocationsOverdue"));
    watch.seen("SluiceExpiryLate", "the registry is back", site::startRegistry);
  }

  private void sweepHeldUp() throws Exception {
    site.limit("producer_byte_rate", 20_000);
    watch.seen(
        "SluiceSweepStuck",
        "the broker takes 20,000 bytes a second from each producer",
        () -> site.publish(Events.replaced("wide", sources(1))));
    site.limit("producer_byte_rate", 1e9);
    Awaitility.await("swept")
        .atMost(SEEN.plusSeconds(60))
        .until(() -> site.metrics().contains("sluice_sweep_members_left 0.0"));
  }

  private void kafkaAway() throws Exception {
    watch.seen("SluiceKafkaSilent", "the broker is away", site::stopKafka);
    site.startKafka();
    Awaitility.await("Kafka is back").atMost(SEEN).until(() -> !watch.isTrue("SluiceKafkaSilent"));
  }

  private void worker() throws Exception {
    var began = System.nanoTime();
    site.killWorker();
    for (var alert : List.of("SluiceNoWorkerRuns", "SluiceWorkerDown")) {
      watch.seen(alert, "the worker was killed", began, () -> watch.isTrue(alert));
    }
    watch.seen(
        "SluiceWorkerRestarts",
        "it is started and killed again and again",
        System.nanoTime(),
        () -> {
          site.startWorker();
          Awaitility.await("scraped")
              .atMost(SEEN)
              .until(() -> !site.prometheus().query("up{job=\"sluice\"} == 1").isEmpty());
          site.killWorker();
          Awaitility.await("missed")
              .atMost(SEEN)
              .until(() -> !site.prometheus().query("up{job=\"sluice\"} == 0").isEmpty());
          return watch.isTrue("SluiceWorkerRestarts");
        });
  }

  private void restore() throws Exception {
    site.limit("consumer_byte_rate", 20_000);
    site.startWorker();
    var question =
        Dashboards.questions().stream()
            .filter(q -> q.panel().equals(WHILE_RESTORING))
            .findFirst()
            .orElseThrow();
    Awaitility.await(WHILE_RESTORING).atMost(SEEN).until(() -> watch.answers(question));
    watch.seen("SluiceRestoreStuck", "the broker goes away in a restore", site::stopKafka);
    site.startKafka();
    site.limit("consumer_byte_rate", 1e9);
  }

  private void setAside() throws Exception {
    watch.seen(
        "SluiceRecordSetAside",
        "a worker is started that is to set a record aside",
        site::restartToSetAside);
  }

  private void disk() throws Exception {
    if (!site.hasSmallDisk()) {
      System.err.println("a small disk cannot be mounted here (root's right): its alerts skipped");
      return;
    }
    watch.seen("SluiceStateDiskLow", "the disk is filled", () -> site.fillDisk(0.14));
    watch.seen("SluiceStateDiskFull", "the disk is filled further", () -> site.fillDisk(0.04));
  }

  private void draw(Instant began) throws Exception {
    var ended = Instant.now();
    var step = Duration.between(began, ended).dividedBy(400).plusMillis(250);
    var dashboards = new TreeMap<String, List<Charts.Filled>>();
    for (var panel : Dashboards.panels()) {
      var series =
          panel.targets().stream()
              .map(target -> Rules.shortened(target.expression(), SHORTENED))
              .map(expression -> site.prometheus().query(expression, began, ended, step))
              .toList();
      dashboards
          .computeIfAbsent(panel.dashboard(), title -> new ArrayList<>())
          .add(new Charts.Filled(panel, series));
    }
    for (var dashboard : dashboards.entrySet()) {
      var name = dashboard.getKey().replaceAll("[^A-Za-z]+", "-").replaceAll("-$", "");
      var file = Path.of(PICTURES, name.toLowerCase(Locale.ROOT) + ".png");
      Charts.draw(dashboard.getValue(), file);
      System.out.println("drawn: " + file);
    }
  }
}
