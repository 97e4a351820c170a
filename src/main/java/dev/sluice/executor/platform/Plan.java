package dev.sluice.executor.platform;

import dev.sluice.delivery.Command;
import dev.sluice.delivery.CommandAction;
import dev.sluice.delivery.Result;
import dev.sluice.delivery.ResultOutcome;
import dev.sluice.executor.Access;
import dev.sluice.executor.ExecutorRules;
import dev.sluice.executor.ExecutorWork;
import dev.sluice.executor.Finding;
import dev.sluice.executor.MemoryPairs;
import dev.sluice.executor.Place;
import dev.sluice.executor.Step;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.function.Consumer;

/**
 * Statements that would run for some commands, found by the same decisions as when they are carried
 * out. The platform is not asked: no user is taken to have access before a GRANT, and each user to
 * have Sluice's before a REVOKE.
 */
public final class Plan {
  private final GrantTarget target;
  private final Names names;
  private final ExecutorWork work;
  private final long settleMs;

  /**
   * One step.
   *
   * @param places whom it concerns
   * @param statements what would run
   */
  public record Planned(
      CommandAction action, String source, List<Place> places, List<Statement> statements) {}

  public Plan(GrantTarget target, Names names, ExecutorRules rules) {
    this.target = target;
    this.names = names;
    work = new ExecutorWork(rules, new MemoryPairs());
    settleMs = rules.settleMs();
  }

  /** Takes a command. */
  public void add(Command command) {
    work.accept(command, 0);
  }

  /**
   * Gives each step to a consumer.
   *
   * @return the results of what would not be carried out
   */
  public List<Result> run(Consumer<Planned> steps) {
    var others = new ArrayList<Result>();
    work.commit();
    // The brake decides about some thousand commands at each call.
    var before = -1;
    while (before != others.size()) {
      before = others.size();
      for (var step = work.next(settleMs); step != null; step = work.next(settleMs)) {
        switch (step) {
          case Step.Look look -> look(look);
          case Step.Run run -> run(run, steps);
        }
        take(others);
      }
      take(others);
      if (work.next(settleMs) != null) {
        before = -1;
      }
    }
    return others;
  }

  private void take(List<Result> others) {
    for (var result : work.commit()) {
      if (result.outcome() != ResultOutcome.APPLIED) {
        others.add(result);
      }
    }
  }

  private void look(Step.Look step) {
    var found = new HashMap<String, Finding>();
    for (var pair : step.pairs()) {
      var command = pair.desired();
      try {
        var place = names.place(command.userId(), command.source());
        var problem = target.problem(place);
        found.put(
            pair.key(),
            problem != null
                ? Finding.of(problem)
                : Finding.ofSluices(
                    place, command.action() == CommandAction.GRANT ? Access.NONE : Access.GRANTED));
      } catch (Names.NoNameException e) {
        found.put(pair.key(), Finding.of(e.trouble()));
      }
    }
    work.looked(step, found, settleMs);
  }

  private void run(Step.Run step, Consumer<Planned> steps) {
    var places = step.places();
    steps.accept(
        new Planned(
            step.action(),
            step.source().toString(),
            places,
            target.statements(step.action(), places)));
    var after = new HashMap<String, Access>();
    step.pairs()
        .forEach(
            pair ->
                after.put(
                    pair.key(),
                    step.action() == CommandAction.GRANT ? Access.GRANTED : Access.NONE));
    work.ran(step, after, settleMs);
  }
}
