package dev.sluice.testing;

import dev.sluice.avro.AccessAction;
import dev.sluice.avro.AccessCommand;
import dev.sluice.sim.Model.Access;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Holds commands, as they come in log order, against what must hold for every log. */
public final class CommandAudit {
  private static final int BREACHES_MAX = 50;

  private final Map<Access, AccessCommand> last = new HashMap<>();
  private final List<String> breaches = new ArrayList<>();
  private long count;

  /** The next command of its partition. */
  public void add(AccessCommand command) {
    count++;
    var before = last.put(Access.of(command), command);
    var expected =
        before == null || before.getAction() == AccessAction.REVOKE
            ? AccessAction.GRANT
            : AccessAction.REVOKE;
    if (command.getAction() != expected) {
      breach("I2: " + before + " then " + command);
    }
    if (before != null && before.getRevision() >= command.getRevision()) {
      breach("I7: " + before + " then " + command);
    }
  }

  private void breach(String words) {
    if (breaches.size() < BREACHES_MAX) {
      breaches.add(words);
    }
  }

  /** The number of commands. */
  public long count() {
    return count;
  }

  /** The access after the last command of each pair; I1 compares it. */
  public Set<Access> access() {
    var access = new HashSet<Access>();
    last.forEach(
        (pair, command) -> {
          if (command.getAction() == AccessAction.GRANT) {
            access.add(pair);
          }
        });
    return access;
  }

  /** Breaches of I2 and I7, in words: the first of them. */
  public List<String> breaches() {
    return breaches;
  }
}
