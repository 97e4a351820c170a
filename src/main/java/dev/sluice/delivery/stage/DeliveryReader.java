package dev.sluice.delivery.stage;

import dev.sluice.avro.internal.StoredDelivery;
import dev.sluice.delivery.CommandAction;
import dev.sluice.delivery.Deadlines;
import dev.sluice.delivery.DeliveryState;
import dev.sluice.delivery.Outstanding;
import dev.sluice.keys.StoreKeys;
import dev.sluice.streams.ReadStores;
import dev.sluice.update.SourceRef;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Read access to the outstanding commands of one task, for queries by other threads. Each call does
 * a bounded amount of work, and returns where the next one continues. Numbers of all commands come
 * from {@link DeliveryStatistics}, which need no reading.
 */
public final class DeliveryReader {

  /** Entries that a call reads at most, whether they match or not. */
  public static final int READ_MAX = 5_000;

  private final ReadOnlyKeyValueStore<String, StoredDelivery> outstanding;
  private final ReadOnlyKeyValueStore<String, byte[]> byTime;
  private final Deadlines deadlines;
  private final int readMax;

  /**
   * Which commands are asked for; null in a field means any.
   *
   * @param sourceType the type of the source
   * @param sourceId the id of the source
   * @param overdueOnly whether only overdue commands are asked for
   */
  public record Filter(
      @Nullable CommandAction action,
      @Nullable DeliveryState state,
      @Nullable String sourceType,
      @Nullable String sourceId,
      @Nullable String userId,
      boolean overdueOnly) {

    /** All commands. */
    public static final Filter ALL = new Filter(null, null, null, null, null, false);

    private boolean matches(Outstanding o) {
      var command = o.command();
      return (action == null || action == command.action())
          && (state == null || state == o.state())
          && (sourceType == null || sourceType.equals(command.source().sourceType()))
          && (sourceId == null || sourceId.equals(command.source().sourceId()))
          && (userId == null || userId.equals(command.userId()))
          && (!overdueOnly || o.isOverdue());
    }
  }

  /**
   * A part of a list.
   *
   * @param items the commands, in the order of the list; may be empty although more follow
   * @param next where the next part begins; null at the end of the list
   */
  public record Part(List<Outstanding> items, @Nullable String next) {

    /** Copies the items. */
    public Part {
      items = List.copyOf(items);
    }
  }

  /**
   * Creates a reader over the stores of a task; each read returns their present content.
   *
   * @param deadlines the configured deadlines
   */
  public DeliveryReader(ReadStores stores, Deadlines deadlines) {
    this(stores, deadlines, READ_MAX);
  }

  /** Creates a reader whose calls read fewer entries. */
  DeliveryReader(ReadStores stores, Deadlines deadlines, int readMax) {
    outstanding = stores.typed(DeliveryStores.OUTSTANDING);
    byTime = stores.typed(DeliveryStores.BY_TIME);
    this.deadlines = deadlines;
    this.readMax = readMax;
  }

  /** Returns the outstanding command of a user and source; null if there is none. */
  public @Nullable Outstanding find(String userId, SourceRef source) {
    return load(userId + '|' + source.sourceType() + '|' + source.sourceId());
  }

  private @Nullable Outstanding load(String key) {
    var stored = outstanding.get(key);
    return stored == null ? null : DeliveryAvro.fromAvro(key, stored);
  }

  /**
   * Returns a part of a list. The commands of one user come in the order of their keys, others by
   * action, type of source and time, oldest first.
   *
   * @param from where the part before ended; null for the first
   * @param max maximum number of commands
   * @param nowMs the present time, in milliseconds since the epoch
   */
  public Part list(Filter filter, @Nullable String from, int max, long nowMs) {
    return filter.userId() == null
        ? byTime(filter, from, max, nowMs)
        : ofUser(filter, filter.userId(), from, max);
  }

  private Part ofUser(Filter filter, String userId, @Nullable String from, int max) {
    var found = new ArrayList<Outstanding>();
    var read = 0;
    var begin = from == null ? StoreKeys.of(userId) : from;
    try (var entries = outstanding.range(begin, StoreKeys.end(userId))) {
      while (entries.hasNext()) {
        if (found.size() == max || read == readMax) {
          return new Part(found, entries.peekNextKey());
        }
        var entry = entries.next();
        read++;
        var each = DeliveryAvro.fromAvro(entry.key, entry.value);
        if (filter.matches(each)) {
          found.add(each);
        }
      }
    }
    return new Part(found, null);
  }

  private Part byTime(Filter filter, @Nullable String from, int max, long nowMs) {
    var found = new ArrayList<Outstanding>();
    var left = readMax + 1; // so that each call reads an entry at least
    var next = from == null ? "" : from;
    while (true) {
      var prefix = nextPrefix(filter, next);
      if (prefix == null) {
        return new Part(found, null);
      }
      var begin = StoreKeys.ORDER.compare(next, prefix) < 0 ? prefix : next;
      left--;
      var walk = new Walk(filter, found, max, left, nowMs);
      var rest = walk.over(prefix, begin);
      left = walk.left;
      if (rest != null) {
        return new Part(found, rest);
      }
      next = StoreKeys.endOf(prefix);
    }
  }

  /** Returns the next action and type that there are; null if there are none. */
  private @Nullable String nextPrefix(Filter filter, String from) {
    if (filter.sourceType() == null) {
      var begin = from;
      if (filter.action() != null && begin.isEmpty()) {
        begin = StoreKeys.of(filter.action().name());
      }
      try (var entries = byTime.range(begin, StoreKeys.LAST)) {
        if (!entries.hasNext()) {
          return null;
        }
        var prefix = StoreKeys.outstandingPrefix(entries.peekNextKey());
        return filter.action() == null || prefix.startsWith(StoreKeys.of(filter.action().name()))
            ? prefix
            : null;
      }
    }
    for (var action : CommandAction.values()) {
      var prefix = StoreKeys.outstanding(action.name(), filter.sourceType());
      if ((filter.action() == null || filter.action() == action)
          && StoreKeys.ORDER.compare(from, StoreKeys.endOf(prefix)) < 0) {
        return prefix;
      }
    }
    return null;
  }

  /** The walk over the commands of one action and type. */
  private final class Walk {
    private final Filter filter;
    private final List<Outstanding> found;
    private final int max;
    private final long nowMs;
    private int left;

    Walk(Filter filter, List<Outstanding> found, int max, int left, long nowMs) {
      this.filter = filter;
      this.found = found;
      this.max = max;
      this.left = left;
      this.nowMs = nowMs;
    }

    /** Returns where to continue; null if nothing is left here. */
    @Nullable String over(String prefix, String begin) {
      var passedMs = nowMs - deadlines.of(action(prefix));
      try (var entries = byTime.range(begin, StoreKeys.endOf(prefix))) {
        while (entries.hasNext()) {
          if (found.size() == max || left <= 0) {
            return entries.peekNextKey();
          }
          if (!take(entries, passedMs)) {
            return null;
          }
        }
      }
      return null;
    }

    /** Takes one entry; returns whether later ones may match. */
    private boolean take(KeyValueIterator<String, byte[]> entries, long passedMs) {
      var entry = entries.next();
      left--;
      if (filter.overdueOnly() && !OutstandingIndex.isOverdue(entry.value)) {
        // Later ones have their deadline still before them.
        return StoreKeys.outstandingMs(entry.key) <= passedMs;
      }
      var each = load(StoreKeys.outstandingCommand(entry.key));
      if (each != null && filter.matches(each)) {
        found.add(each);
      }
      return true;
    }

    private static CommandAction action(String prefix) {
      return CommandAction.valueOf(prefix.substring(0, prefix.indexOf('|')));
    }
  }
}
