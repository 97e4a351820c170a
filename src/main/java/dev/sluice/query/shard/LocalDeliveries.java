package dev.sluice.query.shard;

import dev.sluice.delivery.DeliveryFilter;
import dev.sluice.delivery.Outstanding;
import dev.sluice.delivery.stage.DeliveryReader;
import dev.sluice.delivery.stage.DeliveryStatistics;
import dev.sluice.delivery.stage.DeliveryStatistics.Group;
import dev.sluice.limits.LabelLimiter;
import dev.sluice.query.model.PartialList;
import dev.sluice.streams.ReadStores;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A partition of outstanding commands whose stores are read in this process.
 *
 * @param reader reads the stores
 * @param ofTask statistics of the task that works on it; null for a copy, whose commands are
 *     counted when they are asked for
 */
public record LocalDeliveries(DeliveryReader reader, @Nullable DeliveryStatistics ofTask)
    implements DeliveryShard {

  /**
   * Creates the shard.
   *
   * @param statistics of the task that works on it; null for a copy
   */
  public static DeliveryShard of(
      ReadStores stores, Deadline deadline, @Nullable DeliveryStatistics statistics) {
    return new LocalDeliveries(
        new DeliveryReader(deadline.over(stores), deadline::isHalfOver), statistics);
  }

  private static Statistics kept(DeliveryStatistics statistics) {
    // First, so that what is counted meanwhile does not make it false.
    var counting = statistics.isCounting();
    var counts = new HashMap<Count, Long>();
    statistics.visit(
        (kind, commands) ->
            add(
                counts,
                new Count(kind.action(), kind.sourceType(), kind.state(), kind.overdue(), 0),
                commands));
    return new Statistics(counts(counts), oldest(statistics.oldestMs()), counting);
  }

  private static void add(Map<Count, Long> counts, Count kind, long commands) {
    if (commands > 0) {
      counts.merge(kind, commands, Long::sum);
    }
  }

  private static List<Count> counts(Map<Count, Long> counts) {
    return counts.entrySet().stream()
        .map(
            entry -> {
              var kind = entry.getKey();
              return new Count(
                  kind.action(), kind.sourceType(), kind.state(), kind.overdue(), entry.getValue());
            })
        .toList();
  }

  private static List<Oldest> oldest(Map<Group, Long> oldestMs) {
    return oldestMs.entrySet().stream()
        .map(
            entry ->
                new Oldest(entry.getKey().action(), entry.getKey().sourceType(), entry.getValue()))
        .toList();
  }

  private Statistics walked() {
    var types = new LabelLimiter(LabelLimiter.SOURCE_TYPES_MAX);
    var counts = new HashMap<Count, Long>();
    var oldest = new HashMap<Group, Long>();
    var complete =
        reader.all(
            outstanding -> {
              var command = outstanding.command();
              var type = types.of(command.source().sourceType());
              add(
                  counts,
                  new Count(
                      command.action(), type, outstanding.state(), outstanding.isOverdue(), 0),
                  1);
              oldest.merge(new Group(command.action(), type), command.commandedAtMs(), Math::min);
            });
    return new Statistics(counts(counts), oldest(oldest), !complete);
  }

  @Override
  public Statistics statistics() {
    return ofTask == null ? walked() : kept(ofTask);
  }

  @Override
  public Slice list(DeliveryFilter filter, String after, int max, int room) {
    var taking = new PartialList.Taking<Outstanding>(max, room);
    var reached = reader.visit(filter, after, taking::take);
    return new Slice(taking.slice().items(), reached);
  }
}
