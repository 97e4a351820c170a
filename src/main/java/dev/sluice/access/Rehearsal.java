package dev.sluice.access;

import dev.sluice.access.AccessUpdate.MembershipChanged;
import dev.sluice.access.AccessUpdate.ProductRevised;
import dev.sluice.access.Foresight.Foreseen;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Does with updates what the access stage does, and counts the commands instead of sending them.
 */
final class Rehearsal implements Sink {
  private final Sweeps sweeps;
  private final Settler settler;
  private final Sweeper sweeper;
  private final int partition;
  private final int listMax;
  private int workLeft;

  private final Set<String> users = new HashSet<>();
  private final Set<SourceRef> sources = new TreeSet<>();
  private final List<Foreseen> grants = new ArrayList<>();
  private final List<Foreseen> revokes = new ArrayList<>();
  private long grantCount;
  private long revokeCount;

  Rehearsal(TaskStores stores, int partition, int workMax, int listMax) {
    var copies = new ProductCopies(stores);
    var memberships = new Memberships(stores);
    sweeps = new Sweeps(stores);
    settler = new Settler(copies, memberships, sweeps);
    // None alone: what else is still owed to them is not this event's doing.
    sweeper = new Sweeper(copies, memberships, sweeps, settler, 0);
    this.partition = partition;
    this.workLeft = workMax;
    this.listMax = listMax;
  }

  Foresight play(List<AccessUpdate> updates) {
    // Later than all that was before.
    var position = Long.MAX_VALUE - updates.size();
    var complete = true;
    for (var update : updates) {
      position++;
      switch (update) {
        case MembershipChanged changed -> {
          settler.change(changed, position, this);
          if (changed.last()) {
            sweeper.forget(changed.productId());
          }
        }
        case ProductRevised revised -> {
          Slicing.Slice slice =
              work -> {
                workLeft -= work;
                return workLeft <= 0;
              };
          sweeper.revise(revised, position, revised.membersIn(partition), slice, this);
          // One that was being swept already was given another target, and no more.
          if (workLeft > 0 && sweeps.contains(revised.productId())) {
            sweeper.work(revised.productId(), slice, this);
          }
          complete &= !sweeps.contains(revised.productId());
        }
      }
    }
    return new Foresight(
        grantCount,
        revokeCount,
        users.size(),
        List.copyOf(sources),
        List.copyOf(grants),
        List.copyOf(revokes),
        complete);
  }

  @Override
  public void emit(String userId, Settlement.Change change) {
    users.add(userId);
    sources.add(change.source());
    if (change.grant()) {
      grantCount++;
    } else {
      revokeCount++;
    }
    var listed = change.grant() ? grants : revokes;
    if (listed.size() < listMax) {
      listed.add(
          new Foreseen(
              userId, change.source(), change.origin().productId(), change.origin().reason()));
    }
  }
}
