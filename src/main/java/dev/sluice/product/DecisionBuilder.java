package dev.sluice.product;

import dev.sluice.product.Decision.RequestChange;
import dev.sluice.update.AccessUpdate;
import dev.sluice.update.AccessUpdate.MembershipChanged;
import dev.sluice.update.AccessUpdate.ProductRevised;
import dev.sluice.update.AccessUpdate.Trigger;
import dev.sluice.update.CommandReason;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The changes of one decision in the making. */
final class DecisionBuilder {
  private final Requests requests;
  private final Trigger trigger;
  private final ToIntFunction<String> partitionOf;
  private final List<RequestChange> changed = new ArrayList<>();
  private final List<AccessUpdate> updates = new ArrayList<>();
  private Decision.@Nullable Ending ending;
  private Product product;

  DecisionBuilder(
      Product product, Requests requests, Trigger trigger, ToIntFunction<String> partitionOf) {
    this.product = product;
    this.requests = requests;
    this.trigger = trigger;
    this.partitionOf = partitionOf;
  }

  /** Returns the time of the cause of the changes, in milliseconds since the epoch. */
  long atMs() {
    return trigger.occurredAtMs();
  }

  /**
   * Replaces the product by its new revision and adds an update for the partitions that hold
   * members.
   */
  void revise(Product revised) {
    var partitions = product.members().partitions();
    product = revised;
    if (!partitions.isEmpty()) {
      updates.add(
          new ProductRevised(
              product.productId(),
              trigger,
              product.copy(),
              product.state() == ProductState.DELETED,
              partitions,
              product.members().perPartition()));
    }
  }

  /** Replaces the product if its access does not change. */
  void replace(Product changed) {
    product = changed;
  }

  /** Adds a request or changes one, without effect on the membership. */
  void move(@Nullable AccessRequest from, AccessRequest to) {
    move(from, to, isOver(to) && hasOtherApproved(to));
  }

  private static boolean isOver(AccessRequest request) {
    return switch (request.state()) {
      case PENDING, SCHEDULED, APPROVED -> false;
      case DENIED, CANCELED, REVOKED, EXPIRED, LAPSED -> true;
    };
  }

  private boolean hasOtherApproved(AccessRequest request) {
    return requests.hasApproved(request.userId(), Set.of(request.requestId()));
  }

  private void move(@Nullable AccessRequest from, AccessRequest to, boolean accessRemains) {
    changed.add(new RequestChange(to, accessRemains, null));
    product =
        product.with(
            product.requests().moved(from == null ? null : from.state(), to.state()),
            product.members());
  }

  /** Adds a warning that a request's access is about to end. */
  void notice(AccessRequest request, ExpiryNotice expiryNotice) {
    changed.add(new RequestChange(request.noticed(expiryNotice), false, expiryNotice));
  }

  /** Approves a request; the user's first approved request makes the user a member. */
  void approve(@Nullable AccessRequest from, AccessRequest approved) {
    var partition = partitionOf.applyAsInt(approved.userId());
    var members = product.members().in(partition);
    // No scan where the count says that there is no member.
    var first = members == 0 || !requests.hasApproved(approved.userId(), Set.of());
    move(from, approved, false);
    if (first) {
      if (members == 0) {
        updates.add(
            new ProductRevised(
                product.productId(),
                trigger,
                product.copy(),
                false,
                new TreeSet<>(List.of(partition)),
                product.members().perPartition()));
      }
      member(approved.userId(), partition, true, CommandReason.ACCESS_APPROVED);
    }
  }

  /**
   * Ends approved requests of one user; with the last one the membership ends.
   *
   * @param ended the requests, approved or SCHEDULED until now, or EXPIRED and to be ended in
   *     another way
   * @param end returns the ended form of a request
   */
  void end(String userId, List<AccessRequest> ended, AccessRequestEnd end, CommandReason reason) {
    var ending =
        ended.stream()
            .filter(r -> r.state() == RequestState.APPROVED)
            .map(AccessRequest::requestId)
            .collect(Collectors.toSet());
    var remains = requests.hasApproved(userId, ending);
    for (var request : ended) {
      move(request, end.apply(request), remains);
    }
    if (!ending.isEmpty() && !remains) {
      member(userId, partitionOf.applyAsInt(userId), false, reason);
    }
  }

  /**
   * Ends all requests of a user that are granted as of a time. The membership ends with the last
   * one. None of the requests is kept in memory.
   *
   * @param asOfMs that time, in milliseconds since the epoch
   * @return false when there is none, and nothing has changed
   */
  boolean endAll(String userId, long asOfMs, @Nullable String by, @Nullable String reason) {
    var tally = new Tally(product.requests(), asOfMs);
    requests.visitApproved(userId, tally::approved);
    requests.visitScheduled(userId, tally::waiting);
    requests.visitExpired(userId, asOfMs, tally::waiting);
    if (tally.ending == 0 && tally.counts.equals(product.requests())) {
      return false;
    }
    var remains = tally.remaining > 0;
    ending = new Decision.Ending(userId, asOfMs, atMs(), by, reason, remains);
    product = product.with(tally.counts, product.members());
    if (tally.ending > 0 && !remains) {
      member(userId, partitionOf.applyAsInt(userId), false, CommandReason.ACCESS_REVOKED);
    }
    return true;
  }

  /** Counts the effects of the end of all requests of a user. */
  private final class Tally {
    private final long asOfMs;
    private RequestCounts counts;
    private long ending;
    private long remaining;

    Tally(RequestCounts counts, long asOfMs) {
      this.counts = counts;
      this.asOfMs = asOfMs;
    }

    boolean approved(AccessRequest request) {
      if (request.isGrantedAt(asOfMs)) {
        ending++;
        counts = counts.moved(RequestState.APPROVED, RequestState.REVOKED);
      } else {
        remaining++; // the access ended before, but the clock has not reached its end yet
      }
      return true;
    }

    /** Counts a request that gives no access now. */
    boolean waiting(AccessRequest request) {
      if (request.isGrantedAt(asOfMs)) {
        counts = counts.moved(request.state(), RequestState.REVOKED);
      }
      return true;
    }
  }

  private void member(String userId, int partition, boolean member, CommandReason reason) {
    product =
        product.with(product.requests(), product.members().changed(partition, member ? 1 : -1));
    var last = product.members().in(partition) == 0;
    updates.add(new MembershipChanged(product.productId(), trigger, userId, member, last, reason));
  }

  Decision.Applied applied() {
    return new Decision.Applied(product, changed, ending, updates);
  }

  /** Returns the ended form of an approved request. */
  @FunctionalInterface
  interface AccessRequestEnd {
    AccessRequest apply(AccessRequest approved);
  }
}
