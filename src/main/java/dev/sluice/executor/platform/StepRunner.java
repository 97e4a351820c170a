package dev.sluice.executor.platform;

import dev.sluice.delivery.CommandAction;
import dev.sluice.executor.Access;
import dev.sluice.executor.ExecutorWork;
import dev.sluice.executor.Finding;
import dev.sluice.executor.PairState;
import dev.sluice.executor.Place;
import dev.sluice.executor.Step;
import dev.sluice.executor.Trouble;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongSupplier;

/** Takes steps on a platform, and says how they went. */
public final class StepRunner {
  private final GrantTarget target;
  private final Names names;
  private final LongSupplier clockMs;

  public StepRunner(GrantTarget target, Names names, LongSupplier clockMs) {
    this.target = target;
    this.names = names;
    this.clockMs = clockMs;
  }

  /** Takes the next step; returns whether there was one. */
  public boolean step(ExecutorWork work) {
    var step = work.next(clockMs.getAsLong());
    if (step == null) {
      return false;
    }
    try {
      switch (step) {
        case Step.Look look -> work.looked(look, look(look), clockMs.getAsLong());
        case Step.Run run -> work.ran(run, run(run), clockMs.getAsLong());
      }
    } catch (TargetException e) {
      work.failed(step, e.trouble(), clockMs.getAsLong());
    }
    return true;
  }

  private Map<String, Finding> look(Step.Look step) throws TargetException {
    var found = new HashMap<String, Finding>();
    var named = new ArrayList<Named>();
    for (var pair : step.pairs()) {
      try {
        var place = place(pair);
        var problem = target.problem(place);
        if (problem == null) {
          named.add(new Named(pair, place));
        } else {
          found.put(pair.key(), Finding.of(problem));
        }
      } catch (Names.NoNameException e) {
        found.put(pair.key(), Finding.of(e.trouble()));
      }
    }
    // Pairs of one source differ in their object if its name changed; few do.
    while (!named.isEmpty()) {
      var first = named.getFirst();
      var alike =
          named.stream()
              .filter(
                  other ->
                      other.place().hasSameObject(first.place())
                          && other.pair().desired().action() == first.pair().desired().action())
              .toList();
      named.removeAll(alike);
      look(alike, found);
    }
    return found;
  }

  private record Named(PairState pair, Place place) {}

  private void look(List<Named> alike, Map<String, Finding> found) throws TargetException {
    var access =
        target.access(
            alike.getFirst().pair().desired().action(), alike.stream().map(Named::place).toList());
    for (var named : alike) {
      var of = access.getOrDefault(named.place(), Access.NONE);
      found.put(
          named.pair().key(),
          target.ownsItsGrants()
              ? Finding.ofSluices(named.place(), of)
              : Finding.of(named.place(), of));
    }
  }

  /** Returns the names that a grant was made with, else those of now. */
  private Place place(PairState pair) throws Names.NoNameException {
    var known = pair.place();
    return known != null ? known : names.place(pair.desired().userId(), pair.desired().source());
  }

  private Map<String, Access> run(Step.Run step) throws TargetException {
    var places = step.places();
    apply(step.action(), places);
    var access = target.access(step.action(), places);
    var after = new HashMap<String, Access>();
    for (var pair : step.pairs()) {
      after.put(pair.key(), access.getOrDefault(Objects.requireNonNull(pair.place()), Access.NONE));
    }
    return after;
  }

  /**
   * A platform that does not know the user refuses the REVOKE, though there is nothing left to
   * revoke. Whether there is, only a question tells: some find a user a while later.
   */
  private void apply(CommandAction action, List<Place> places) throws TargetException {
    try {
      target.apply(action, places);
    } catch (TargetException e) {
      if (action == CommandAction.GRANT
          || places.size() > 1
          || e.trouble().remedy() != Trouble.Remedy.TIME_THEN_PERSON) {
        throw e;
      }
    }
  }
}
