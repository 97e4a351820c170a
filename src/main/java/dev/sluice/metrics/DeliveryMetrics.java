package dev.sluice.metrics;

import dev.sluice.delivery.CommandAction;
import dev.sluice.delivery.CountedResult;
import dev.sluice.delivery.DeliveryState;
import dev.sluice.delivery.ErrorClass;
import dev.sluice.delivery.stage.DeliveryObserver;
import dev.sluice.delivery.stage.DeliveryStatistics;
import dev.sluice.delivery.stage.DeliveryStatistics.Kind;
import dev.sluice.limits.LabelLimiter;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Metrics of commands and results, and the sums of the tasks' outstanding commands. Actions and
 * classes of errors are written as in the contract.
 */
public final class DeliveryMetrics implements DeliveryObserver {
  private final LongSupplier clockMs;
  private final LabelLimiter sourceTypes = new LabelLimiter(LabelLimiter.SOURCE_TYPES_MAX);
  private final Map<CommandAction, LongAdder> commands = new EnumMap<>(CommandAction.class);
  private final Map<IgnoredCommand, LongAdder> ignored = new EnumMap<>(IgnoredCommand.class);
  private final Map<CountedResult, LongAdder> results = new EnumMap<>(CountedResult.class);
  private final WeightedHistogram confirmations;
  private final Set<DeliveryStatistics> tasks = ConcurrentHashMap.newKeySet();

  DeliveryMetrics(Meters meters, LongSupplier clockMs) {
    this.clockMs = clockMs;
    confirmations = meters.histogram(Metric.DELIVERY_CONFIRMATION, Buckets.LATENCY);
    for (var action : CommandAction.values()) {
      commands.put(action, meters.counter(Metric.DELIVERY_COMMANDS, action.name()));
      confirmations.expect(action.name());
    }
    for (var why : IgnoredCommand.values()) {
      ignored.put(why, meters.counter(Metric.DELIVERY_COMMANDS_IGNORED, lower(why)));
    }
    for (var result : CountedResult.values()) {
      results.put(result, meters.counter(Metric.DELIVERY_RESULTS, lower(result)));
    }
    meters.gauges(
        Metric.DELIVERY_OUTSTANDING,
        () -> sums(kind -> true, kind -> List.of(kind.action().name(), kind.sourceType())));
    meters.gauges(
        Metric.DELIVERY_OVERDUE,
        () -> {
          // Also 0, as soon as such commands are outstanding.
          var sums = sums(kind -> true, kind -> List.of(kind.action().name(), kind.sourceType()));
          sums.replaceAll((labels, count) -> 0.0);
          sums.putAll(
              sums(Kind::overdue, kind -> List.of(kind.action().name(), kind.sourceType())));
          return sums;
        });
    meters.gauges(
        Metric.DELIVERY_FAILED,
        () ->
            sums(
                kind -> kind.state() == DeliveryState.FAILED,
                kind ->
                    List.of(
                        Objects.requireNonNullElse(kind.errorClass(), ErrorClass.OTHER).name(),
                        kind.sourceType())));
    meters.gauges(
        Metric.DELIVERY_HELD,
        () -> sums(kind -> kind.state() == DeliveryState.HELD, kind -> List.of(kind.sourceType())));
    meters.gauges(Metric.DELIVERY_OLDEST, this::oldestSeconds);
    meters.gauge(
        Metric.DELIVERY_COUNTING,
        () -> tasks.stream().filter(DeliveryStatistics::isCounting).count());
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  /** Sums the numbers of some kinds, by the values of the labels. */
  private Map<List<String>, Double> sums(
      Predicate<Kind> counts, Function<Kind, List<String>> labels) {
    var sums = new HashMap<List<String>, Double>();
    for (var task : tasks) {
      task.visit(
          (kind, count) -> {
            if (counts.test(kind)) {
              sums.merge(labels.apply(kind), (double) count, Double::sum);
            }
          });
    }
    return sums;
  }

  private Map<List<String>, Double> oldestSeconds() {
    var now = clockMs.getAsLong();
    var oldest = new HashMap<List<String>, Double>();
    for (var task : tasks) {
      task.oldestMs()
          .forEach(
              (group, ms) ->
                  oldest.merge(
                      List.of(group.action().name(), group.sourceType()),
                      Math.max(0, now - ms) / 1e3,
                      Math::max));
    }
    return oldest;
  }

  /** Returns the function from a type of sources to its label value. */
  public UnaryOperator<String> typeNames() {
    return sourceTypes::of;
  }

  @Override
  public void opened(int partition, DeliveryStatistics statistics) {
    tasks.add(statistics);
  }

  @Override
  public void closed(int partition, DeliveryStatistics statistics) {
    tasks.remove(statistics);
  }

  @Override
  public void commanded(CommandAction action) {
    add(commands.get(action));
  }

  @Override
  public void ignored(IgnoredCommand why) {
    add(ignored.get(why));
  }

  @Override
  public void counted(CountedResult result) {
    add(results.get(result));
  }

  private static void add(@Nullable LongAdder counter) {
    Objects.requireNonNull(counter).increment();
  }

  @Override
  public void confirmed(CommandAction action, long afterMs) {
    confirmations.record(action.name(), afterMs / 1e3);
  }
}
