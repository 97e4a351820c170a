package dev.sluice.query;

import dev.sluice.delivery.CommandAction;
import dev.sluice.delivery.DeliveryFilter;
import dev.sluice.delivery.DeliveryState;
import dev.sluice.delivery.Outstanding;
import dev.sluice.delivery.stage.DeliveryReader;
import dev.sluice.keys.StoreKeys;
import dev.sluice.query.model.ApiModel.DeliveryCount;
import dev.sluice.query.model.ApiModel.DeliverySummary;
import dev.sluice.query.model.ApiModel.DeliveryView;
import dev.sluice.query.model.ApiModel.Page;
import dev.sluice.query.model.Cursor;
import dev.sluice.query.model.DeliveryViews;
import dev.sluice.query.model.PartialList;
import dev.sluice.query.model.Views;
import dev.sluice.query.shard.DeliveryShard;
import dev.sluice.query.shard.DeliveryShard.Slice;
import dev.sluice.query.shard.DeliveryShards;
import dev.sluice.query.shard.Scatter;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** All queries about outstanding commands, composed of the answers of the partitions. */
public final class DeliveryQueries {

  /** Minimum room of a part's answer, in characters. */
  private static final int ROOM_MIN = 32 * 1024;

  private final DeliveryShards shards;
  private final Scatter scatter;
  private final long nowMs;

  DeliveryQueries(DeliveryShards shards, Scatter scatter, long nowMs) {
    this.shards = shards;
    this.scatter = scatter;
    this.nowMs = nowMs;
  }

  private <T> List<T> ofAll(List<Integer> partitions, Function<DeliveryShard, T> question) {
    return scatter.gather(
        partitions, shards::isHere, partition -> question.apply(shards.deliveries(partition)));
  }

  private List<Integer> all() {
    return IntStream.range(0, shards.deliveryPartitions()).boxed().toList();
  }

  /** Returns the partitions in which commands that a filter chooses can be. */
  private List<Integer> partitions(DeliveryFilter filter) {
    var key = filter.commandKey();
    return key == null ? all() : List.of(shards.deliveryPartition(key));
  }

  /** A command and its place in the list. */
  private record Placed(String place, Outstanding outstanding) {}

  /**
   * Returns a page of the outstanding commands that a filter chooses. With a cursor of a next page
   * it may have few items or none.
   *
   * @param after the place after which it begins; empty for the beginning
   */
  public Page<DeliveryView> deliveries(DeliveryFilter filter, String after, int max) {
    var room = Math.max(ROOM_MIN, PartialList.ROOM / shards.deliveryPartitions());
    var slices = ofAll(partitions(filter), shard -> shard.list(filter, after, max, room));
    // Beyond the place that a part has reached, its order is not known.
    var end =
        slices.stream()
            .map(Slice::reached)
            .filter(reached -> !reached.isEmpty())
            .min(StoreKeys.ORDER);
    var found =
        slices.stream()
            .flatMap(slice -> slice.items().stream())
            .map(each -> new Placed(DeliveryReader.place(filter, each), each))
            .filter(each -> end.isEmpty() || isUntil(each.place(), end.get()))
            .sorted(Comparator.comparing(Placed::place, StoreKeys.ORDER))
            .toList();
    var some = found.subList(0, Math.min(max, found.size()));
    return new Page<>(
        some.stream().map(each -> DeliveryViews.view(each.outstanding(), nowMs)).toList(),
        some.size() < found.size()
            ? Cursor.after(some.getLast().place())
            : end.map(Cursor::after).orElse(null));
  }

  private static boolean isUntil(String place, String end) {
    return StoreKeys.ORDER.compare(place, end) <= 0;
  }

  /** The numbers of one action and type, while they are added up. */
  private static final class Group {
    private final Map<DeliveryState, Long> states = DeliveryViews.noStates();
    private long overdue;
    private @Nullable Long oldestMs;

    void add(DeliveryShard.Count count) {
      states.merge(count.state(), count.commands(), Long::sum);
      overdue += count.overdue() ? count.commands() : 0;
    }

    void add(long atMs) {
      oldestMs = oldestMs == null ? atMs : Math.min(oldestMs, atMs);
    }

    long outstanding() {
      return states.values().stream().mapToLong(Long::longValue).sum();
    }
  }

  /** An action and a type, as groups are sorted: what must be taken away comes first. */
  private record GroupKey(CommandAction action, String sourceType) implements Comparable<GroupKey> {
    private static final Comparator<GroupKey> ORDER =
        Comparator.comparing(GroupKey::action).reversed().thenComparing(GroupKey::sourceType);

    @Override
    public int compareTo(GroupKey other) {
      return ORDER.compare(this, other);
    }
  }

  /** Returns the numbers of all outstanding commands. */
  public DeliverySummary summary() {
    var groups = new TreeMap<GroupKey, Group>();
    var counting = false;
    for (var statistics : ofAll(all(), DeliveryShard::statistics)) {
      counting |= statistics.counting();
      statistics
          .counts()
          .forEach(each -> group(groups, each.action(), each.sourceType()).add(each));
      statistics
          .oldest()
          .forEach(
              each -> group(groups, each.action(), each.sourceType()).add(each.commandedAtMs()));
    }
    // The oldest command was read a moment before the numbers: it may be confirmed by now.
    groups.values().removeIf(group -> group.outstanding() == 0);
    return new DeliverySummary(
        groups.values().stream().mapToLong(Group::outstanding).sum(),
        groups.values().stream().mapToLong(group -> group.overdue).sum(),
        Views.instant(
            groups.values().stream()
                .map(group -> group.oldestMs)
                .filter(Objects::nonNull)
                .min(Comparator.naturalOrder())
                .orElse(null)),
        groups.entrySet().stream().map(entry -> count(entry.getKey(), entry.getValue())).toList(),
        counting);
  }

  private static Group group(Map<GroupKey, Group> groups, CommandAction action, String sourceType) {
    return groups.computeIfAbsent(new GroupKey(action, sourceType), key -> new Group());
  }

  private static DeliveryCount count(GroupKey key, Group group) {
    return new DeliveryCount(
        key.action(),
        key.sourceType(),
        group.outstanding(),
        group.overdue,
        group.states,
        Views.instant(group.oldestMs));
  }
}
