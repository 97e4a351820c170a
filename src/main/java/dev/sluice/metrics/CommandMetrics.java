package dev.sluice.metrics;

import dev.sluice.access.AccessDiff;
import dev.sluice.access.AccessObserver;
import dev.sluice.access.SweepSummary;
import dev.sluice.limits.LabelLimiter;
import dev.sluice.update.CommandReason;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** Metrics of commands and their latency, and the sum of the tasks' sweeps. */
final class CommandMetrics implements AccessObserver {
  private record Key(boolean grant, CommandReason reason, String sourceType) {}

  private final Meters meters;
  private final LongSupplier clockMs;
  private final WeightedHistogram latencies;
  private final LongAdder setAside;
  private final Map<Key, LongAdder> counters = new ConcurrentHashMap<>();
  private final LabelLimiter sourceTypes = new LabelLimiter(LabelLimiter.SOURCE_TYPES_MAX);
  private final Set<Supplier<SweepSummary>> tasks = ConcurrentHashMap.newKeySet();

  CommandMetrics(Meters meters, LongSupplier clockMs) {
    this.meters = meters;
    this.clockMs = clockMs;
    latencies = meters.histogram(Metric.COMMAND_LATENCY, Buckets.LATENCY);
    setAside = meters.counter(Metric.RECORDS_SET_ASIDE, "updates");
    meters.gauge(Metric.SWEEPS, () -> tasks.stream().mapToInt(t -> t.get().count()).sum());
    meters.gauge(
        Metric.SWEEP_MEMBERS_LEFT,
        () -> tasks.stream().mapToLong(t -> t.get().membersLeft()).sum());
    meters.gauge(Metric.SWEEP_OLDEST_AGE, this::oldestSeconds);
    meters.gauge(
        Metric.USERS_DEACTIVATED,
        () -> tasks.stream().mapToLong(t -> t.get().usersDeactivated()).sum());
    meters.gauge(Metric.USERS_LEFT, () -> tasks.stream().mapToInt(t -> t.get().usersLeft()).sum());
  }

  private double oldestSeconds() {
    var now = clockMs.getAsLong();
    var since = tasks.stream().mapToLong(t -> t.get().oldestSinceMs()).min().orElse(now);
    return since > now ? 0 : (now - since) / 1e3;
  }

  @Override
  public void emitted(AccessDiff.Change change, long count) {
    var changeCause = change.cause();
    counters
        .computeIfAbsent(
            new Key(
                change.grant(), changeCause.reason(), sourceTypes.of(change.source().sourceType())),
            this::counter)
        .add(count);
    var arrivedMs = changeCause.cause().arrivedAtMs();
    if (arrivedMs > 0) {
      latencies.record(Math.max(0, clockMs.getAsLong() - arrivedMs) / 1e3, count);
    }
  }

  private LongAdder counter(Key key) {
    return meters.counter(
        Metric.COMMANDS,
        key.grant ? "grant" : "revoke",
        key.reason.name().toLowerCase(Locale.ROOT),
        key.sourceType);
  }

  @Override
  public void setAside() {
    setAside.increment();
  }

  @Override
  public void opened(int partition, Supplier<SweepSummary> sweeps) {
    tasks.add(sweeps);
  }

  @Override
  public void closed(int partition, Supplier<SweepSummary> sweeps) {
    tasks.remove(sweeps);
  }
}
