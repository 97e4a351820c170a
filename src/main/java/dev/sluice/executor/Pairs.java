package dev.sluice.executor;

import dev.sluice.update.SourceRef;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The stored pairs, with an index by time. What was put becomes due only with the next {@link
 * #commit}: a step that touches the platform must follow from committed state alone. Otherwise a
 * crash could forget a command that was carried out, and an older one would be carried out after
 * it.
 */
public interface Pairs {

  /** Returns the pair with that key; null for none. */
  @Nullable PairState get(String key);

  /** Stores a pair. It is not due before the next commit. */
  void put(PairState pair);

  /** Makes everything that was put due at its time. */
  void commit();

  /** Returns the pair that has waited longest for a task, up to now; null for none. */
  @Nullable PairState firstDue(Task task, long nowMs);

  /** Returns pairs of one source that are due for a task, the oldest first. */
  List<PairState> due(Task task, SourceRef source, long nowMs, int max);

  /** Returns pairs of a source in a phase; of all sources if it is null. */
  List<PairState> in(Phase phase, @Nullable SourceRef source, int max);

  /** Returns how many users have access to the source by Sluice's commands. */
  long holders(SourceRef source);

  /** Returns how many pairs have access by Sluice's commands. */
  long holders();
}
