package dev.sluice.health;

import dev.sluice.config.HttpKeys;
import dev.sluice.config.SluiceConfig;
import dev.sluice.health.HealthPart.Part;
import dev.sluice.worker.WorkerMonitor;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Health of a worker, part by part, with the time of each change. */
public final class Health {
  private static final Logger LOG = LoggerFactory.getLogger(Health.class);

  /**
   * Maximum time between polls of a healthy thread. Slices and commits take far less; a longer
   * pause means waiting, for example for the registry. The report names a wait at once. The worker
   * is ready meanwhile, since all workers wait for the same registry: none would answer questions
   * in a short outage otherwise.
   */
  private static final Duration SILENT_MAX = Duration.ofSeconds(15);

  /**
   * Maximum silence in poll intervals: a thread that waits for the end of an outage polls before
   * Kafka considers it dead.
   */
  private static final int STALLED_INTERVALS = 2;

  /**
   * A part, and the time of its last change.
   *
   * @param check its health
   * @param since time at which it became healthy or unhealthy
   */
  public record Standing(HealthPart check, Instant since) {}

  /**
   * Health of all parts at one moment.
   *
   * @param alive false if only a restart can help
   * @param parts in order
   */
  public record Report(boolean alive, List<Standing> parts) {
    /** Returns whether every part is healthy. */
    public boolean isReady() {
      return parts.stream().allMatch(standing -> standing.check().ok());
    }
  }

  private final HealthRules healthRules;
  private final Supplier<Instant> clock;
  private final Map<Part, Standing> standings = new EnumMap<>(Part.class);
  private boolean wasReady;
  private volatile Report report;

  /** Creates the health before the worker starts. */
  public Health(SluiceConfig config) {
    this(
        new HealthRules(
            config.get(HttpKeys.LAG_RECORDS_MAX),
            SILENT_MAX,
            config.maxPollInterval().multipliedBy(STALLED_INTERVALS)),
        Instant::now);
  }

  Health(HealthRules healthRules, Supplier<Instant> clock) {
    this.healthRules = healthRules;
    this.clock = clock;
    report = judge(true, healthRules.of(null, null));
  }

  /** Updates the health from a monitor. */
  public void update(WorkerMonitor watch) {
    var workerStatus = watch.status();
    judge(
        healthRules.isAlive(workerStatus, watch.lags()),
        healthRules.of(workerStatus, watch.lags()));
  }

  /** Updates the health of delivery in the worker's process, from a monitor of it. */
  public void updateDelivery(WorkerMonitor watch) {
    var parts = healthRules.of(watch.status(), watch.lags());
    var wrong = parts.stream().filter(part -> !part.ok()).findFirst();
    judge(
        report.alive(),
        List.of(
            new HealthPart(
                Part.DELIVERY,
                wrong.isEmpty(),
                wrong.map(HealthPart::text).orElse("runs and keeps up"))));
  }

  synchronized Report judge(boolean alive, List<HealthPart> found) {
    var now = clock.get();
    for (var healthPart : found) {
      var before = standings.get(healthPart.part());
      var since = before != null && before.check().ok() == healthPart.ok() ? before.since() : now;
      standings.put(healthPart.part(), new Standing(healthPart, since));
    }
    report = new Report(alive, List.copyOf(standings.values()));
    logChange(report);
    return report;
  }

  private void logChange(Report now) {
    if (now.isReady() == wasReady) {
      return;
    }
    wasReady = now.isReady();
    if (wasReady) {
      LOG.info("ready");
    } else {
      now.parts().stream()
          .map(Standing::check)
          .filter(healthPart -> !healthPart.ok())
          .findFirst()
          .ifPresent(healthPart -> LOG.info("not ready: {}", healthPart.text()));
    }
  }

  /** Returns the current health, as far as known. */
  public Report report() {
    return report;
  }
}
