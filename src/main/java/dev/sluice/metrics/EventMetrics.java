package dev.sluice.metrics;

import dev.sluice.contract.RejectionReason;
import dev.sluice.product.ProductState;
import dev.sluice.product.RequestState;
import dev.sluice.product.stage.EventObserver;
import dev.sluice.product.stage.TaskStatistics;
import dev.sluice.streams.SetAsideRecords;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/**
 * Metrics of events by type and outcome, and totals of the product stage's tasks. A repeated
 * attempt after a failure counts again: the topics are exact, the counters are not.
 */
public final class EventMetrics implements EventObserver {

  private record Key(String type, String outcome) {}

  private final Meters meters;
  private final LongSupplier clockMs;
  private final WeightedHistogram delays;
  private final Map<Key, LongAdder> counters = new ConcurrentHashMap<>();
  private final Map<RejectionReason, LongAdder> rejected = new EnumMap<>(RejectionReason.class);
  private final Set<TaskStatistics> taskStatisticss = ConcurrentHashMap.newKeySet();
  private final LongAdder eventsSetAside;
  private final LongAdder usersSetAside;
  private volatile long lastMs;

  EventMetrics(Meters meters, LongSupplier clockMs) {
    this.meters = meters;
    this.clockMs = clockMs;
    lastMs = clockMs.getAsLong();
    delays = meters.histogram(Metric.EXPIRY_DELAY, Buckets.LATENCY);
    FALLS_DUE.forEach(delays::expect);
    for (var reason : RejectionReason.values()) {
      rejected.put(reason, meters.counter(Metric.REJECTED_EVENTS, lower(reason)));
    }
    expect();
    eventsSetAside = meters.counter(Metric.RECORDS_SET_ASIDE, "events");
    usersSetAside = meters.counter(Metric.RECORDS_SET_ASIDE, "users");
    for (var state : ProductState.values()) {
      meters.gauge(Metric.PRODUCTS, () -> sum(p -> p.products(state)), lower(state));
    }
    for (var state : RequestState.values()) {
      meters.gauge(Metric.REQUESTS, () -> sum(p -> p.requests(state)), lower(state));
    }
    meters.gauge(Metric.PRODUCTS_COUNTING, () -> sum(each -> each.isCounting() ? 1 : 0));
    meters.gauge(Metric.MEMBERSHIPS, () -> sum(TaskStatistics::members));
    meters.gauge(Metric.OVERDUE_AGE, this::overdueSeconds);
    meters.gauge(Metric.LAST_EVENT_AGE, () -> (clockMs.getAsLong() - lastMs) / 1e3);
  }

  /** Creates all possible series at 0, so that the first event shows as an increase. */
  private void expect() {
    for (var type : TYPES) {
      for (var outcome : List.of("applied", "no_op", "duplicate")) {
        counter(type, outcome);
      }
      for (var reason : RejectionReason.values()) {
        if (reason != RejectionReason.UNREADABLE) {
          counter(type, lower(reason));
        }
      }
    }
    counter(UNKNOWN, lower(RejectionReason.UNREADABLE));
    counter(UNKNOWN, lower(RejectionReason.TOO_LARGE));
    FALLS_DUE.forEach(what -> counter("time", what));
  }

  private LongAdder counter(String type, String outcome) {
    return counters.computeIfAbsent(
        new Key(type, outcome), key -> meters.counter(Metric.EVENTS, key.type, key.outcome));
  }

  private double sum(ToLongFunction<TaskStatistics> count) {
    return taskStatisticss.stream().mapToLong(count).sum();
  }

  private double overdueSeconds() {
    var since = taskStatisticss.stream().mapToLong(TaskStatistics::nextDueMs).min();
    var now = clockMs.getAsLong();
    return since.isEmpty() || since.getAsLong() > now ? 0 : (now - since.getAsLong()) / 1e3;
  }

  private static String lower(Enum<?> state) {
    return state.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public void decided(String type, String outcome) {
    lastMs = clockMs.getAsLong();
    counter(type, outcome).increment();
  }

  @Override
  public void rejected(RejectionReason reason, String message, String where) {
    Objects.requireNonNull(rejected.get(reason)).increment();
  }

  @Override
  public void setAside(SetAsideRecords.Input input) {
    (input == SetAsideRecords.Input.USERS ? usersSetAside : eventsSetAside).increment();
  }

  @Override
  public void fellDue(String what, long lateMs) {
    delays.record(what, lateMs / 1e3);
  }

  @Override
  public void opened(int partition, TaskStatistics statistics) {
    taskStatisticss.add(statistics);
  }

  @Override
  public void closed(int partition, TaskStatistics statistics) {
    taskStatisticss.remove(statistics);
  }

  /**
   * Returns the timestamp of the least advanced task's record; empty if no task has processed one.
   */
  OptionalLong oldestArrivalMs() {
    return taskStatisticss.stream()
        .mapToLong(TaskStatistics::lastArrivalMs)
        .filter(ms -> ms > 0)
        .min();
  }

  /** Returns the number of events by outcome, such as {@code 12 applied, 1 duplicate}. */
  @Override
  public String toString() {
    var sums = new TreeMap<String, Long>();
    counters.forEach(
        (key, count) -> {
          if (count.sum() > 0) {
            sums.merge(key.outcome, count.sum(), Long::sum);
          }
        });
    return sums.isEmpty()
        ? "none"
        : sums.entrySet().stream()
            .map(sum -> sum.getValue() + " " + sum.getKey())
            .collect(Collectors.joining(", "));
  }
}
