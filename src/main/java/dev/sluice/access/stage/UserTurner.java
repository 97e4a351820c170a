package dev.sluice.access.stage;

import dev.sluice.access.AccessDiff;
import dev.sluice.access.ChangeCause;
import dev.sluice.access.CommandSink;
import dev.sluice.access.Withholding;
import dev.sluice.streams.SweepScheduling.WorkBudget;
import dev.sluice.update.AccessUpdate.UserChanged;
import dev.sluice.update.CommandReason;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Takes all sources from users who are deactivated, and gives them back to users who are active
 * again, in slices. A slice ends with its budget; the next one continues there, possibly in another
 * process.
 *
 * <p>A user is settled before each slice. Therefore the user's sources are those that the newest
 * revisions of the user's products give.
 */
final class UserTurner {

  /**
   * Maximum number of sources that are read at once. They take some 15 MB. Each reading decodes all
   * products of the user: more sources at once make fewer readings for a user who has a million.
   */
  private static final int SOURCES_MAX = 100_000;

  /**
   * Sources of a user that come next, valid while neither the user's memberships nor the products
   * change.
   *
   * @param productIds the user's products
   * @param held the sources, in the order of the work
   * @param complete whether there are no more behind them
   */
  private record Plan(
      String userId,
      boolean active,
      Set<String> productIds,
      List<HeldSources.Held> held,
      boolean complete) {}

  private final WithheldUsers users;
  private final UserSettler userSettler;
  private final HeldSources heldSources;
  private final CommandSink gate;
  private final CommandSink commandSink;
  private String lastServed = "";
  private @Nullable Plan plan;

  /** Index in the plan of the next source. */
  private int next;

  /**
   * Creates the turner of one task.
   *
   * @param gate takes the commands of pending revisions
   * @param commandSink takes the turner's own commands
   */
  UserTurner(
      WithheldUsers users,
      UserSettler userSettler,
      HeldSources heldSources,
      CommandSink gate,
      CommandSink commandSink) {
    this.users = users;
    this.userSettler = userSettler;
    this.heldSources = heldSources;
    this.gate = gate;
    this.commandSink = commandSink;
  }

  /**
   * Begins to take a user's sources, or to give them back, and does the work within the budget at
   * once. An update that says what holds already changes nothing.
   *
   * @param position the position in the order of all updates
   */
  void change(UserChanged changed, long position, WorkBudget budget) {
    var userId = changed.userId();
    var before = users.get(userId);
    if (changed.active() == (before == null || before.active())) {
      return;
    }
    var other = plan == null || plan.userId.equals(userId) ? null : plan;
    var otherNext = next;
    plan = null;
    users.put(
        userId,
        before == null ? Withholding.begin(changed, position) : before.turned(changed, position));
    // Only now: a source that was added before, and has not reached the user, is not given first.
    userSettler.settle(userId, gate);
    turn(userId, budget);
    if (other != null) {
      plan = other;
      next = otherNext;
    }
  }

  /** Called after a user's memberships changed. */
  void memberChanged(String userId) {
    if (plan != null && plan.userId.equals(userId)) {
      plan = null;
    }
  }

  /** Called after a product changed. */
  void productChanged(String productId) {
    if (plan != null && plan.productIds.contains(productId)) {
      plan = null;
    }
  }

  /** Does one slice's work, one user after the other; returns whether the slice ended. */
  boolean work(WorkBudget budget) {
    for (var id = nextUser(); id != null; id = nextUser()) {
      lastServed = id;
      userSettler.settle(id, gate);
      if (turn(id, budget)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Returns the user to serve: the one whose plan is begun, since a plan costs as much as many
   * sources, else the one whose turn it is; null if no boundary moves.
   */
  private @Nullable String nextUser() {
    return plan == null ? users.movingAfter(lastServed) : plan.userId;
  }

  /** Turns one settled user until nothing is left or the slice ends; returns whether it ended. */
  private boolean turn(String userId, WorkBudget budget) {
    while (true) {
      var withholding = users.get(userId);
      if (withholding == null) {
        throw new IllegalStateException("nothing to turn for user " + userId);
      }
      if (withholding.active() && giveWithheld(userId, withholding, budget)) {
        return true;
      }
      var now = plan(userId, withholding);
      while (next < now.held.size()) {
        var held = now.held.get(next++);
        turn(userId, withholding, held);
        if (budget.endsAfter(1)) {
          users.put(userId, withholding.past(held.source()));
          return true;
        }
      }
      plan = null;
      if (now.complete) {
        finish(userId, withholding.pastAll());
        return budget.endsAfter(1);
      }
      users.put(userId, withholding.past(now.held.getLast().source()));
    }
  }

  private void finish(String userId, Withholding done) {
    if (done.active()) {
      users.remove(userId);
    } else {
      users.put(userId, done);
    }
  }

  /**
   * Gives the sources that were gained during a deactivation that never came to its end; returns
   * whether the slice ended.
   */
  private boolean giveWithheld(String userId, Withholding withholding, WorkBudget budget) {
    var sources = users.withheld(userId, SOURCES_MAX);
    while (!sources.isEmpty()) {
      for (var source : sources) {
        users.release(userId, source);
        emit(userId, withholding, heldSources.of(userId, source));
        if (budget.endsAfter(1)) {
          return true;
        }
      }
      sources = users.withheld(userId, SOURCES_MAX);
    }
    return false;
  }

  private void turn(String userId, Withholding withholding, HeldSources.Held held) {
    if (!withholding.active() && users.isWithheld(userId, held.source())) {
      users.release(userId, held.source()); // the boundary withholds it from now on
    } else {
      emit(userId, withholding, held);
    }
  }

  private void emit(String userId, Withholding withholding, HeldSources.Held held) {
    var reason =
        withholding.active() ? CommandReason.USER_REACTIVATED : CommandReason.USER_DEACTIVATED;
    var cause =
        new ChangeCause(held.productId(), reason, withholding.cause(), withholding.position());
    commandSink.emit(
        userId, new AccessDiff.Change(withholding.active(), held.source(), cause, List.of()));
  }

  private Plan plan(String userId, Withholding withholding) {
    var kept = plan;
    if (kept != null && kept.userId.equals(userId) && kept.active == withholding.active()) {
      return kept;
    }
    next = 0;
    var productIds = heldSources.productsOf(userId);
    var held = heldSources.beyond(productIds, withholding, SOURCES_MAX);
    var made =
        new Plan(
            userId,
            withholding.active(),
            Set.copyOf(productIds),
            new ArrayList<>(held),
            held.size() < SOURCES_MAX);
    plan = made;
    return made;
  }
}
