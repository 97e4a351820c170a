package dev.sluice.executor;

import dev.sluice.delivery.Command;
import dev.sluice.delivery.CommandAction;
import dev.sluice.executor.Trouble.Remedy;
import dev.sluice.executor.Trouble.Scope;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A platform that fails at random, and notices at once what an executor must never do. It is naive:
 * sets of keys, nothing else.
 */
final class FakePlatform {
  /** Keys of pairs with a grant by Sluice, and by somebody else before. */
  final Set<String> bySluice = new HashSet<>();

  final Set<String> before = new HashSet<>();
  final Set<String> missingUsers = new HashSet<>();
  private final Map<String, Command> newest = new HashMap<>();
  private final Random random;
  boolean isFaulty = true;

  FakePlatform(Random random) {
    this.random = random;
  }

  Access access(String key) {
    return bySluice.contains(key) || before.contains(key) ? Access.GRANTED : Access.NONE;
  }

  /** Carries out a step as far as it goes; gives the trouble that ended it. */
  @Nullable Trouble run(Step.Run step) {
    if (isFaulty && random.nextInt(8) == 0) {
      return new Trouble(Scope.PLATFORM, Remedy.TIME, "08001", "no connection");
    }
    if (isFaulty && random.nextInt(8) == 0) {
      return new Trouble(Scope.SOURCE, Remedy.TIME, "XX000", "tuple concurrently updated");
    }
    var isAtomic = random.nextBoolean();
    for (var pair : step.pairs()) {
      if (missingUsers.contains(pair.desired().userId())) {
        if (isAtomic || step.action() == CommandAction.GRANT) {
          return new Trouble(Scope.USER, Remedy.TIME_THEN_PERSON, "42704", "no such user");
        }
      }
    }
    for (var pair : step.pairs()) {
      if (isFaulty && !isAtomic && random.nextInt(20) == 0) {
        return new Trouble(Scope.PLATFORM, Remedy.TIME, "08006", "lost in the middle of a batch");
      }
      change(step.action(), pair);
    }
    if (isFaulty && random.nextInt(20) == 0) {
      return new Trouble(Scope.PLATFORM, Remedy.TIME, "08006", "lost after the commit");
    }
    return null;
  }

  private void change(CommandAction action, PairState pair) {
    var command = pair.desired();
    var last = newest.put(pair.key(), command);
    if (last != null && last.number().compareTo(command.number()) > 0) {
      throw new AssertionError(command + " after " + last);
    }
    if (action != command.action()) {
      throw new AssertionError(action + " for " + command);
    }
    if (action == CommandAction.GRANT) {
      bySluice.add(pair.key());
    } else {
      if (before.contains(pair.key())) {
        throw new AssertionError("revokes what Sluice did not grant: " + command);
      }
      bySluice.remove(pair.key());
    }
  }
}
