package dev.sluice.delivery.stage;

import dev.sluice.avro.internal.StoredDelivery;
import dev.sluice.delivery.CommandAction;
import dev.sluice.delivery.DeliveryFilter;
import dev.sluice.delivery.Outstanding;
import dev.sluice.keys.StoreKeys;
import dev.sluice.streams.ReadStores;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Reads the outstanding commands of one task, from any thread, while the task works. What the task
 * has not committed yet is not seen.
 */
public final class DeliveryReader {

  /** Work that one list may cost; about 50 milliseconds. */
  public static final int WORK_MAX = 20_000;

  /** Work of one command that is looked up, compared with the next one of a range. */
  private static final int LOOK_UP = 5;

  private final ReadStores stores;
  private final int workMax;
  private final BooleanSupplier isEnough;

  /**
   * Creates a reader.
   *
   * @param isEnough whether a list should end early, because little time is left
   */
  public DeliveryReader(ReadStores stores, BooleanSupplier isEnough) {
    this(stores, WORK_MAX, isEnough);
  }

  /** Creates a reader that does other portions of work. */
  public DeliveryReader(ReadStores stores, int workMax, BooleanSupplier isEnough) {
    this.stores = stores;
    this.workMax = workMax;
    this.isEnough = isEnough;
  }

  private record Range(String from, String to) {}

  /** Returns the place of a command in the list that a filter makes. */
  public static String place(DeliveryFilter filter, Outstanding outstanding) {
    var command = outstanding.command();
    return filter.isByAge()
        ? StoreKeys.outstanding(
            command.action().name(),
            command.source().sourceType(),
            command.commandedAtMs(),
            command.key())
        : command.key();
  }

  /** Returns what is outstanding under the key of a command; null if nothing is. */
  private @Nullable Outstanding outstanding(String commandKey) {
    var stored = commands().get(commandKey);
    return stored == null ? null : DeliveryAvro.fromAvro(commandKey, stored);
  }

  /**
   * Visits the commands that a filter chooses, in the order of their places, and does a bounded
   * amount of work.
   *
   * @param after the place after which to begin; empty for the beginning
   * @param taking takes a command, or returns false to end before it
   * @return the last place that was visited; empty when all places were
   */
  public String visit(DeliveryFilter filter, String after, Predicate<Outstanding> taking) {
    var visit = new Visit(filter, taking);
    var last = after;
    for (var range : filter.isByAge() ? byAge(filter) : byKey(filter)) {
      if (StoreKeys.ORDER.compare(range.to(), StoreKeys.after(last)) <= 0) {
        continue;
      }
      var from =
          StoreKeys.ORDER.compare(range.from(), last) <= 0 ? StoreKeys.after(last) : range.from();
      var complete = filter.isByAge() ? visit.ages(from, range.to()) : visit.keys(from, range.to());
      if (!complete) {
        return visit.last.isEmpty() ? last : visit.last;
      }
      last = visit.last.isEmpty() ? last : visit.last;
    }
    return "";
  }

  /**
   * Visits all commands, in the order of their keys.
   *
   * @return whether all were visited; else little time was left
   */
  public boolean all(Consumer<Outstanding> visitor) {
    try (var entries = commands().all()) {
      while (entries.hasNext()) {
        if (isEnough.getAsBoolean()) {
          return false;
        }
        var entry = entries.next();
        visitor.accept(DeliveryAvro.fromAvro(entry.key, entry.value));
      }
    }
    return true;
  }

  private ReadOnlyKeyValueStore<String, StoredDelivery> commands() {
    return stores.typed(DeliveryStores.OUTSTANDING);
  }

  private static List<Range> byKey(DeliveryFilter filter) {
    if (filter.userId().isEmpty()) {
      return List.of(new Range(StoreKeys.after(""), StoreKeys.LAST));
    }
    var key = filter.commandKey();
    if (key == null) {
      var first =
          filter.sourceType().isEmpty()
              ? filter.userId()
              : StoreKeys.of(filter.userId()) + filter.sourceType();
      return List.of(new Range(StoreKeys.of(first), StoreKeys.end(first)));
    }
    return List.of(new Range(key, StoreKeys.after(key)));
  }

  private static List<Range> byAge(DeliveryFilter filter) {
    var ranges = new ArrayList<Range>();
    for (var action : CommandAction.values()) { // GRANT before REVOKE, as the keys
      if (filter.has(action)) {
        var prefix =
            filter.sourceType().isEmpty()
                ? StoreKeys.of(action.name())
                : StoreKeys.outstanding(action.name(), filter.sourceType());
        ranges.add(new Range(prefix, StoreKeys.endOf(prefix)));
      }
    }
    return ranges;
  }

  /** One list's work. */
  private final class Visit {
    private final DeliveryFilter filter;
    private final Predicate<Outstanding> taking;
    private int work;
    private String last = "";

    Visit(DeliveryFilter filter, Predicate<Outstanding> taking) {
      this.filter = filter;
      this.taking = taking;
    }

    private boolean isOver() {
      return work > 0 && (work >= workMax || isEnough.getAsBoolean());
    }

    /** Visits a range of commands; returns whether it was visited to its end. */
    boolean keys(String from, String to) {
      try (var entries = commands().range(from, to)) {
        while (entries.hasNext()) {
          if (isOver()) {
            return false;
          }
          var entry = entries.next();
          work++;
          var outstanding = DeliveryAvro.fromAvro(entry.key, entry.value);
          if (filter.matches(outstanding) && !taking.test(outstanding)) {
            return false;
          }
          last = entry.key;
        }
      }
      return true;
    }

    /** Visits a range of the index; returns whether it was visited to its end. */
    boolean ages(String from, String to) {
      ReadOnlyKeyValueStore<String, byte[]> index = stores.typed(DeliveryStores.BY_TIME);
      try (var entries = index.range(from, to)) {
        while (entries.hasNext()) {
          if (isOver()) {
            return false;
          }
          var entry = entries.next();
          work++;
          var key = StoreKeys.outstandingCommand(entry.key);
          if (OutstandingIndex.isOverdue(entry.value) && isOfSource(key)) {
            work += LOOK_UP;
            var outstanding = outstanding(key);
            // The task may have changed it since the index was read.
            if (outstanding != null
                && place(filter, outstanding).equals(entry.key)
                && filter.matches(outstanding)
                && !taking.test(outstanding)) {
              return false;
            }
          }
          last = entry.key;
        }
      }
      return true;
    }

    private boolean isOfSource(String commandKey) {
      return filter.sourceId().isEmpty()
          || StoreKeys.lastPart(commandKey).equals(filter.sourceId());
    }
  }
}
