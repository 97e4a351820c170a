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

/** How a worker is, part by part, and since when each has been so. */
public final class Health {
  private static final Logger LOG = LoggerFactory.getLogger(Health.class);

  /**
   * A slice, a commit or a poll takes far less; whoever takes longer waits for something, such as a
   * registry that does not answer.
   */
  private static final Duration SILENT_MAX = Duration.ofSeconds(15);

  /** A thread that waits for an outage's end polls before Kafka takes it for dead. */
  private static final int STALLED_INTERVALS = 2;

  /**
   * A part, and since when it has been as it is.
   *
   * @param check how it is
   * @param since when it became well, or ceased to be
   */
  public record Standing(HealthPart check, Instant since) {}

  /**
   * All of it at a moment.
   *
   * @param alive false when another start is the only thing that could help
   * @param parts in order
   */
  public record Report(boolean alive, List<Standing> parts) {
    /** Whether every part is as it should be. */
    public boolean isReady() {
      return parts.stream().allMatch(standing -> standing.check().ok());
    }
  }

  private final HealthRules healthRules;
  private final Supplier<Instant> clock;
  private final Map<Part, Standing> standings = new EnumMap<>(Part.class);
  private boolean wasReady;
  private volatile Report report;

  /** Before the worker starts. */
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

  /** Takes what a watch sees now. */
  public void look(WorkerMonitor watch) {
    var workerStatus = watch.status();
    judge(
        healthRules.isAlive(workerStatus, watch.lags()),
        healthRules.of(workerStatus, watch.lags()));
  }

  synchronized Report judge(boolean alive, List<HealthPart> found) {
    var now = clock.get();
    for (var healthPart : found) {
      var before = standings.get(healthPart.part());
      var since = before != null && before.check().ok() == healthPart.ok() ? before.since() : now;
      standings.put(healthPart.part(), new Standing(healthPart, since));
    }
    report = new Report(alive, List.copyOf(standings.values()));
    tellChange(report);
    return report;
  }

  private void tellChange(Report now) {
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
          .ifPresent(healthPart -> LOG.info("not ready: {}", healthPart.says()));
    }
  }

  /** How it is, as far as is known. */
  public Report report() {
    return report;
  }
}
