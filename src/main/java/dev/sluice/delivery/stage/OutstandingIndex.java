package dev.sluice.delivery.stage;

import dev.sluice.delivery.Command;
import dev.sluice.delivery.CommandAction;
import dev.sluice.delivery.Deadlines;
import dev.sluice.delivery.stage.DeliveryStatistics.Group;
import dev.sluice.keys.StoreKeys;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Index of the outstanding commands by action, type of source and time. A round visits each action
 * and type: it finds the oldest command, and the commands whose deadline has passed. A round is
 * done in portions of bounded work, and costs by the number of types and of new overdue commands,
 * not by the number of outstanding ones. For one task's thread.
 */
final class OutstandingIndex {

  /** Value of an entry whose command is not known to be overdue. */
  private static final byte[] WAITING = {0};

  /** Value of an entry whose command is overdue. */
  private static final byte[] OVERDUE = {1};

  /** Most places that are remembered. The others are found by looking for them. */
  static final int PLACES_MAX = 2_000;

  /** Work of a portion: entries read, and searches. */
  static final int PORTION = 5_000;

  /** The place of one action and type. */
  private static final class Place {
    /** Lower bound of all entries; avoids reading over deleted ones. */
    private String floor;

    /** Lower bound of the entries that are not known to be overdue. */
    private String waitingFrom;

    Place(String first) {
      floor = first;
      waitingFrom = first;
    }
  }

  private final KeyValueStore<String, byte[]> store;
  private final UnaryOperator<String> typeNames;
  private final int portion;
  private final int placesMax;

  /** Places by prefix, in the order of the keys. */
  private final TreeMap<String, Place> places = new TreeMap<>(StoreKeys.ORDER);

  /** The oldest commands that the present round has found. */
  private final Map<Group, Long> oldest = new HashMap<>();

  /** Lower bound of the keys that the present round has not visited; null between two rounds. */
  private @Nullable String next;

  /**
   * Creates the index of a task.
   *
   * @param typeNames returns the name of a type in the statistics
   */
  OutstandingIndex(KeyValueStore<String, byte[]> store, UnaryOperator<String> typeNames) {
    this(store, typeNames, PORTION, PLACES_MAX);
  }

  /** Creates an index with other portions and places. */
  OutstandingIndex(
      KeyValueStore<String, byte[]> store,
      UnaryOperator<String> typeNames,
      int portion,
      int placesMax) {
    this.store = store;
    this.typeNames = typeNames;
    this.portion = portion;
    this.placesMax = placesMax;
  }

  /** Returns whether the command of an entry is overdue. */
  static boolean isOverdue(byte[] value) {
    return value.length > 0 && value[0] == OVERDUE[0];
  }

  void put(Command command, boolean overdue) {
    var key = key(command);
    store.put(key, overdue ? OVERDUE : WAITING);
    var place = places.get(prefix(command));
    if (place == null) {
      return; // the next round finds it
    }
    if (StoreKeys.ORDER.compare(key, place.floor) < 0) {
      place.floor = key;
    }
    if (!overdue && StoreKeys.ORDER.compare(key, place.waitingFrom) < 0) {
      place.waitingFrom = key;
    }
  }

  void remove(Command command) {
    store.delete(key(command));
  }

  private static String key(Command command) {
    return StoreKeys.outstanding(
        command.action().name(),
        command.source().sourceType(),
        command.commandedAtMs(),
        command.key());
  }

  private static String prefix(Command command) {
    return StoreKeys.outstanding(command.action().name(), command.source().sourceType());
  }

  /** Begins a round, unless one is in progress. */
  void begin() {
    if (next == null) {
      next = "";
      oldest.clear();
    }
  }

  /** Returns whether a round is in progress. */
  boolean isInRound() {
    return next != null;
  }

  /**
   * Does one portion of a round.
   *
   * @param overdue receives the keys of commands whose deadline may have passed
   * @return the times of the oldest commands, once the round is complete; else null
   */
  @Nullable Map<Group, Long> work(long nowMs, Deadlines deadlines, Consumer<String> overdue) {
    var left = portion;
    while (next != null && left > 0) {
      var known = places.ceilingKey(next);
      left--;
      var unknown = first(next, known == null ? StoreKeys.LAST : known);
      if (unknown == null && known == null) {
        next = null;
        return Map.copyOf(oldest);
      }
      var prefix = unknown == null ? known : StoreKeys.outstandingPrefix(unknown);
      var place = unknown == null ? places.get(prefix) : new Place(unknown);
      if (prefix == null || place == null) {
        throw new IllegalStateException("no place of " + prefix);
      }
      if (unknown != null
          && places.size() < placesMax
          && StoreKeys.ORDER.compare(next, prefix) <= 0) {
        places.put(prefix, place);
      }
      left -= work(prefix, place, nowMs, deadlines, left, overdue);
      next = left > 0 ? StoreKeys.endOf(prefix) : rest(prefix, place);
    }
    return null;
  }

  /** Returns where the next portion continues within an action and type. */
  private String rest(String prefix, Place place) {
    return places.containsKey(prefix) ? prefix : place.waitingFrom;
  }

  private int work(
      String prefix,
      Place place,
      long nowMs,
      Deadlines deadlines,
      int max,
      Consumer<String> overdue) {
    var first = first(place.floor, StoreKeys.endOf(prefix));
    if (first == null) {
      places.remove(prefix);
      return 1;
    }
    place.floor = first;
    if (StoreKeys.ORDER.compare(place.waitingFrom, first) < 0) {
      place.waitingFrom = first;
    }
    var group = group(prefix);
    oldest.merge(
        new Group(group.action(), typeNames.apply(group.sourceType())),
        StoreKeys.outstandingMs(first),
        Math::min);
    var untilMs = nowMs - deadlines.of(group.action());
    if (untilMs < 0) {
      return 1;
    }
    var until = prefix + StoreKeys.dueAfter(untilMs);
    if (StoreKeys.ORDER.compare(place.waitingFrom, until) >= 0) {
      return 1;
    }
    var passed = new ArrayList<String>();
    var read = passed(place, until, max, passed);
    // Afterwards, since it may change the store.
    passed.forEach(overdue);
    return 1 + read;
  }

  private int passed(Place place, String until, int max, List<String> found) {
    var read = 0;
    try (var entries = store.range(place.waitingFrom, until)) {
      while (entries.hasNext() && read < max) {
        var entry = entries.next();
        read++;
        if (!isOverdue(entry.value)) {
          found.add(StoreKeys.outstandingCommand(entry.key));
        }
        place.waitingFrom = StoreKeys.after(entry.key);
      }
    }
    return read;
  }

  private static Group group(String prefix) {
    var bar = prefix.indexOf('|');
    return new Group(
        CommandAction.valueOf(prefix.substring(0, bar)),
        prefix.substring(bar + 1, prefix.length() - 1));
  }

  private @Nullable String first(String from, String to) {
    try (var entries = store.range(from, to)) {
      return entries.hasNext() ? entries.peekNextKey() : null;
    }
  }
}
