package dev.sluice.sim;

import static dev.sluice.sim.Violation.unless;
import static dev.sluice.sim.Violation.unlessEqual;

import dev.sluice.avro.AccessAction;
import dev.sluice.avro.AccessCommand;
import dev.sluice.sim.Model.Access;
import dev.sluice.update.AccessUpdate;
import dev.sluice.update.AccessUpdate.MembershipChanged;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.streams.test.TestRecord;

/**
 * Holds what one task of the access stage says, command by command, against the {@link View} of
 * what it has read. Where the two differ after a step, a sweep must be under way that owes it.
 */
final class AccessCheck extends Checked<AccessCheck.State> {
  private static final String BOUNDED = "I10 bounded";
  private static final String DEACTIVATED = "I19 deactivated users";

  /** Stored for each update or slice, besides what is stored for a member. */
  private static final int WRITES = 5;

  record State(
      View view,
      Map<Access, AccessCommand> log,
      Set<Access> differing,
      Map<String, Long> sweptSince,
      Map<String, Integer> revisions,
      Set<String> sources,
      AtomicLong lastRevision) {
    State copy() {
      return new State(
          view.copy(),
          new HashMap<>(log),
          new HashSet<>(differing),
          new HashMap<>(sweptSince),
          new HashMap<>(revisions),
          new HashSet<>(sources),
          new AtomicLong(lastRevision.get()));
    }
  }

  /** Events that take something from somebody. */
  private final Set<String> taking;

  AccessCheck(Set<String> taking) {
    super(
        new State(
            new View(),
            new HashMap<>(),
            new HashSet<>(),
            new HashMap<>(),
            new HashMap<>(),
            new HashSet<>(),
            new AtomicLong()),
        State::copy);
    this.taking = taking;
  }

  View view() {
    return state.view;
  }

  /** After an update was read. */
  void delivered(
      AccessUpdate update,
      long position,
      List<TestRecord<String, AccessCommand>> commands,
      AccessTask task) {
    int revisions = revisions();
    var open = state.view.apply(update, position);
    open.forEach(pair -> state.sources.add(pair.source()));
    if (update instanceof AccessUpdate.ProductRevised revised) {
      state.revisions.merge(revised.productId(), 1, Integer::sum);
      revisions++;
    }
    commands(commands);
    var members = update instanceof MembershipChanged ? 1 : task.members();
    bounded(commands.size(), members, revisions, task);
    open.addAll(pairs(commands));
    owed(open, position, task);
  }

  /** After a slice. */
  void swept(List<TestRecord<String, AccessCommand>> commands, AccessTask task) {
    int revisions = revisions();
    commands(commands);
    bounded(commands.size(), task.members(), revisions, task);
    owed(pairs(commands), -1, task);
  }

  private int revisions() {
    return state.revisions.values().stream().mapToInt(n -> n).sum();
  }

  private static Set<Access> pairs(List<TestRecord<String, AccessCommand>> commands) {
    var pairs = new HashSet<Access>();
    commands.forEach(c -> pairs.add(pair(c.value())));
    return pairs;
  }

  private static Access pair(AccessCommand command) {
    return Access.of(command);
  }

  private void commands(List<TestRecord<String, AccessCommand>> commands) {
    for (var record : commands) {
      var command = record.value();
      var key =
          String.join("|", command.getUserId(), command.getSourceType(), command.getSourceId());
      unlessEqual(record.key(), key, "contract", "key of %s", command);
      command(command);
    }
  }

  private void command(AccessCommand command) {
    var pair = pair(command);
    var last = state.log.put(pair, command);
    var grant = command.getAction() == AccessAction.GRANT;
    unless(
        grant != (last != null && last.getAction() == AccessAction.GRANT),
        "I2 alternation",
        "%s comes after %s",
        command,
        last);
    unless(
        last == null || command.getRevision() > last.getRevision(),
        "I7 order",
        "%s comes after %s",
        command,
        last);
    unless(
        command.getRevision() > state.lastRevision.get(),
        "I7 order",
        "%s comes after revision %d of the same task",
        command,
        state.lastRevision.get());
    state.lastRevision.set(command.getRevision());
    if (command.getReason().name().startsWith("USER_")) {
      ofUser(pair, command, grant);
      return;
    }
    unless(
        !grant || state.view.isActive(pair.userId()),
        DEACTIVATED,
        "the user is deactivated: %s",
        command);
    var turn = state.view.turns(pair).get(command.getProductId());
    unless(turn != null, "I6 isolation", "product never gave the source to the user: %s", command);
    var giver = state.view.firstGiver(pair);
    if (grant) {
      unless(giver != null, "I3 justification", "nothing gives this now: %s", command);
      unlessEqual(command.getProductId(), giver, "I3 justification", "product of %s", command);
    } else {
      unless(giver == null || turn.on(), "I5 overlap", "%s gives this still: %s", giver, command);
      unless(giver == null, "I3 justification", "%s gives this still: %s", giver, command);
      var cause = command.getCauseEventId();
      unless(
          taking.contains(cause) || cause.startsWith("expiry:"),
          "I4 adding is safe",
          "its cause takes nothing: %s",
          command);
    }
    unlessEqual(
        List.of(
            command.getCauseEventId(),
            command.getOccurredAt().toEpochMilli(),
            command.getReason().name()),
        List.of(turn.cause().eventId(), turn.cause().occurredAtMs(), turn.reason()),
        "I3 justification",
        "cause of %s",
        command);
  }

  /** A command that follows from the user being deactivated, or active again. */
  private void ofUser(Access pair, AccessCommand command, boolean grant) {
    var change = state.view.user(pair.userId());
    unless(
        change != null && change.active() == grant, DEACTIVATED, "after %s: %s", change, command);
    unlessEqual(
        command.getProductId(), state.view.holder(pair), DEACTIVATED, "product of %s", command);
    unlessEqual(
        List.of(
            command.getCauseEventId(),
            command.getOccurredAt().toEpochMilli(),
            command.getReason().name()),
        List.of(
            change.cause().eventId(),
            change.cause().occurredAtMs(),
            grant ? "USER_REACTIVATED" : "USER_DEACTIVATED"),
        DEACTIVATED,
        "cause of %s",
        command);
  }

  /**
   * Where log and view differ, a revision must be under way that came after the user was touched.
   */
  private void owed(Set<Access> open, long position, AccessTask task) {
    var swept = task.swept();
    var turned = task.turned();
    state.sweptSince.keySet().retainAll(swept);
    swept.forEach(id -> state.sweptSince.putIfAbsent(id, position));
    state.revisions.keySet().retainAll(swept);
    open.addAll(state.differing);
    for (var pair : open) {
      var last = state.log.get(pair);
      var granted = last != null && last.getAction() == AccessAction.GRANT;
      if (granted == state.view.gives(pair)) {
        state.differing.remove(pair);
      } else {
        state.differing.add(pair);
        unless(
            turned.contains(pair.userId()) || isOwed(pair),
            "I1 convergence",
            "%s is %s, which no sweep will change; swept are %s",
            pair,
            granted ? "granted" : "not granted",
            swept);
      }
    }
  }

  private boolean isOwed(Access pair) {
    return state.view.turns(pair).entrySet().stream()
        .anyMatch(
            e -> {
              var since = state.sweptSince.get(e.getKey());
              var at = e.getValue().position();
              return since != null && at >= since && at > state.view.touched(pair.userId());
            });
  }

  /** By the members that were settled, and not by all that there are. */
  private void bounded(int commands, int members, int revisions, AccessTask task) {
    var sources = state.sources.size();
    unless(
        commands <= members * sources,
        BOUNDED,
        "%d commands for %d members and %d sources",
        commands,
        members,
        sources);
    var changes = task.newChanges();
    var most = WRITES + members * (3 + state.view.products()) + (1 + revisions) * (2 + 2 * sources);
    unless(
        changes.size() <= most,
        BOUNDED,
        "%d changes of state for %d members, %d sources and %d revisions: %s",
        changes.size(),
        members,
        sources,
        revisions,
        changes);
    for (var change : changes) {
      var bytes = change.value() == null ? 0 : change.value().length;
      var bytesMax =
          switch (change.store()) {
            case "sweeps" -> 64 + 32 * (1 + revisions);
            case "deactivated-users" -> 200;
            case "product-copies", "product-revisions" -> 128 + 32 * sources;
            default -> Long.BYTES;
          };
      unless(bytes <= bytesMax, BOUNDED, "%d bytes of state in %s", bytes, change);
    }
  }
}
