package dev.sluice.executor;

import dev.sluice.update.SourceRef;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Pairs in memory. */
public final class MemoryPairs implements Pairs {
  private static final Comparator<PairState> BY_TIME =
      Comparator.comparingLong(PairState::nextTryMs).thenComparing(PairState::key);

  private final TreeMap<String, PairState> pairs = new TreeMap<>();
  private final Map<Task, TreeSet<PairState>> due = new EnumMap<>(Task.class);
  private final Map<Task, Map<SourceRef, TreeSet<PairState>>> dueOfSource =
      new EnumMap<>(Task.class);
  private final Map<SourceRef, Long> holders = new HashMap<>();
  private final Map<String, PairState> uncommitted = new LinkedHashMap<>();
  private long allHolders;

  private TreeSet<PairState> due(Task task) {
    return due.computeIfAbsent(task, of -> new TreeSet<>(BY_TIME));
  }

  private Map<SourceRef, TreeSet<PairState>> ofSources(Task task) {
    return dueOfSource.computeIfAbsent(task, of -> new HashMap<>());
  }

  @Override
  public @Nullable PairState get(String key) {
    return pairs.get(key);
  }

  @Override
  public void put(PairState pair) {
    var before = pairs.put(pair.key(), pair);
    if (before != null) {
      if (uncommitted.get(pair.key()) != before) {
        unindex(before);
      }
      count(before, -1);
    }
    count(pair, 1);
    uncommitted.put(pair.key(), pair);
  }

  private void count(PairState pair, int by) {
    if (pair.holds()) {
      holders.merge(pair.desired().source(), (long) by, Long::sum);
      allHolders += by;
    }
  }

  @Override
  public void commit() {
    uncommitted.values().forEach(this::index);
    uncommitted.clear();
  }

  private void index(PairState pair) {
    var task = pair.task();
    if (task != null) {
      due(task).add(pair);
      ofSources(task)
          .computeIfAbsent(pair.desired().source(), source -> new TreeSet<>(BY_TIME))
          .add(pair);
    }
  }

  private void unindex(PairState pair) {
    var task = pair.task();
    if (task != null) {
      due(task).remove(pair);
      var ofSource = ofSources(task).get(pair.desired().source());
      if (ofSource != null && ofSource.remove(pair) && ofSource.isEmpty()) {
        ofSources(task).remove(pair.desired().source());
      }
    }
  }

  @Override
  public @Nullable PairState firstDue(Task task, long nowMs) {
    var all = due(task);
    return all.isEmpty() || all.first().nextTryMs() > nowMs ? null : all.first();
  }

  @Override
  public List<PairState> due(Task task, SourceRef source, long nowMs, int max) {
    var found = new ArrayList<PairState>();
    var ofSource = ofSources(task).get(source);
    if (ofSource != null) {
      for (var pair : ofSource) {
        if (pair.nextTryMs() > nowMs || found.size() >= max) {
          break;
        }
        found.add(pair);
      }
    }
    return found;
  }

  @Override
  public List<PairState> in(Phase phase, @Nullable SourceRef source, int max) {
    return pairs.values().stream()
        .filter(pair -> pair.phase() == phase)
        .filter(pair -> source == null || pair.desired().source().equals(source))
        .limit(max)
        .toList();
  }

  @Override
  public long holders(SourceRef source) {
    return holders.getOrDefault(source, 0L);
  }

  @Override
  public long holders() {
    return allHolders;
  }

  /** Returns all pairs, by key. */
  public List<PairState> all() {
    return List.copyOf(pairs.values());
  }
}
