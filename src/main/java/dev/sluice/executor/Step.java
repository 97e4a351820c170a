package dev.sluice.executor;

import dev.sluice.delivery.CommandAction;
import dev.sluice.update.SourceRef;
import java.util.List;
import java.util.Objects;

/** The next work on the platform: one action for one or more users of one source. */
public sealed interface Step {

  /** Returns the pairs, all of one source. */
  List<PairState> pairs();

  /** Returns the source. */
  default SourceRef source() {
    return pairs().getFirst().desired().source();
  }

  /** Finds names, and asks whether there is access; changes nothing. */
  record Look(List<PairState> pairs) implements Step {
    /** Copies the list. */
    public Look {
      pairs = List.copyOf(pairs);
    }
  }

  /** Gives or takes access. All pairs have a place, and differ in nothing but the user. */
  record Run(CommandAction action, List<PairState> pairs) implements Step {
    /** Copies the list. */
    public Run {
      pairs = List.copyOf(pairs);
    }

    /** Returns the names of the pairs. */
    public List<Place> places() {
      return pairs.stream().map(pair -> Objects.requireNonNull(pair.place())).toList();
    }
  }
}
