package dev.sluice.access.stage;

import dev.sluice.access.AccessDiff;
import dev.sluice.access.CommandSink;
import dev.sluice.access.PreviewResult;
import dev.sluice.access.PreviewResult.PreviewedCommand;
import dev.sluice.update.AccessUpdate;
import dev.sluice.update.AccessUpdate.MembershipChanged;
import dev.sluice.update.AccessUpdate.ProductRevised;
import dev.sluice.update.AccessUpdate.UserChanged;
import dev.sluice.update.SourceRef;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Applies updates as the access stage does, and counts the commands instead of sending them. */
final class PreviewRun implements CommandSink {
  private final SweepStore sweepStore;
  private final UserSettler userSettler;
  private final Sweeper sweeper;
  private final UserGate gate;
  private final UserTurner userTurner;
  private final int partition;
  private final int listMax;
  private int workLeft;

  private final Set<String> users = new HashSet<>();
  private final Set<SourceRef> sources = new TreeSet<>();
  private final List<PreviewedCommand> grants = new ArrayList<>();
  private final List<PreviewedCommand> revokes = new ArrayList<>();
  private long grantCount;
  private long revokeCount;

  PreviewRun(TaskStores stores, int partition, int workMax, int listMax) {
    var copies = new ProductRevisionStore(stores);
    var memberships = new Memberships(stores);
    sweepStore = new SweepStore(stores);
    userSettler = new UserSettler(copies, memberships, sweepStore);
    // The update's own effect only: pending commands of earlier updates are left out.
    sweeper = new Sweeper(copies, memberships, sweepStore, userSettler, 0);
    var withheldUsers = WithheldUsers.unread(stores);
    gate = new UserGate(withheldUsers, this);
    userTurner =
        new UserTurner(
            withheldUsers, userSettler, new HeldSources(copies, memberships), gate, this);
    this.partition = partition;
    this.workLeft = workMax;
    this.listMax = listMax;
  }

  PreviewResult run(List<AccessUpdate> updates) {
    // After all earlier positions.
    var position = Long.MAX_VALUE - updates.size();
    var complete = true;
    for (var update : updates) {
      position++;
      switch (update) {
        case MembershipChanged changed -> {
          userSettler.change(changed, position, gate);
          if (changed.last()) {
            sweeper.forget(changed.productId());
          }
        }
        case UserChanged changed -> {
          userTurner.change(changed, position, this::spend);
          complete &= workLeft > 0;
        }
        case ProductRevised revised -> {
          sweeper.revise(revised, position, revised.membersIn(partition), this::spend, gate);
          // A sweep that was in progress only got another target.
          if (workLeft > 0 && sweepStore.contains(revised.productId())) {
            sweeper.work(revised.productId(), this::spend, gate);
          }
          complete &= !sweepStore.contains(revised.productId());
        }
      }
    }
    return new PreviewResult(
        grantCount,
        revokeCount,
        users.size(),
        List.copyOf(sources),
        List.copyOf(grants),
        List.copyOf(revokes),
        complete);
  }

  private boolean spend(int work) {
    workLeft -= work;
    return workLeft <= 0;
  }

  @Override
  public void emit(String userId, AccessDiff.Change change) {
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
          new PreviewedCommand(
              userId, change.source(), change.cause().productId(), change.cause().reason()));
    }
  }
}
