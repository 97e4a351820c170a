package dev.sluice.query;

import dev.sluice.access.PreviewResult;
import dev.sluice.access.PreviewResult.PreviewedCommand;
import dev.sluice.contract.RejectionReason;
import dev.sluice.event.DataSource;
import dev.sluice.event.Event;
import dev.sluice.event.ProductEvent;
import dev.sluice.event.UserEvent;
import dev.sluice.event.UserPayload;
import dev.sluice.product.Decision;
import dev.sluice.product.DecisionRules;
import dev.sluice.product.EventIds;
import dev.sluice.product.ProductDecider;
import dev.sluice.query.model.ApiModel.CommandView;
import dev.sluice.query.model.ApiModel.Commands;
import dev.sluice.query.model.ApiModel.Outcome;
import dev.sluice.query.model.ApiModel.PreviewView;
import dev.sluice.query.model.ApiModel.Touched;
import dev.sluice.query.model.ApiModel.TouchedSources;
import dev.sluice.query.shard.LocalShards;
import dev.sluice.query.shard.ShardKind;
import dev.sluice.query.shard.ShardUnavailableException;
import dev.sluice.query.shard.Shards;
import dev.sluice.update.AccessUpdate;
import dev.sluice.update.AccessUpdate.MembershipChanged;
import dev.sluice.update.AccessUpdate.Trigger;
import dev.sluice.update.AccessUpdate.UserChanged;
import dev.sluice.update.SourceRef;
import dev.sluice.update.UpdatesTopic;
import dev.sluice.update.wire.AccessUpdateSerde;
import dev.sluice.update.wire.UserPartitions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Previews the effect of an event: the stages' own deciders run over the current state, and nothing
 * is changed.
 */
final class Preview {
  private static final int LISTED = LocalShards.PREVIEW_LISTED;

  /** Maximum number of decisions, over about two commit intervals. */
  private static final int TRIES_MAX = 5;

  private static final Duration RETRY = Duration.ofMillis(50);

  private Preview() {}

  static PreviewView of(Event event, Shards shards, DecisionRules decisionRules, long nowMs) {
    return switch (event) {
      case ProductEvent e -> of(e, shards, decisionRules, nowMs);
      case UserEvent e -> of(e, shards);
    };
  }

  /** Previews an event about a user. Its sequence is not checked. */
  private static PreviewView of(UserEvent event, Shards shards) {
    var problem = EventIds.problem(event);
    if (problem != null) {
      return view(Outcome.REJECTED, RejectionReason.INVALID_ID.name(), problem, List.of());
    }
    var users = new UserPartitions(shards.userPartitions());
    var active = event.payload() instanceof UserPayload.UserReactivated;
    if (active != isDeactivated(event.userId(), users, shards)) {
      return view(Outcome.NO_OP, null, null, List.of());
    }
    var trigger = new Trigger(event.eventId(), event.occurredAt().toEpochMilli());
    var update = new UserChanged(event.userId(), trigger, active, event.payload().reason());
    return view(Outcome.APPLIED, null, null, ask(List.of(update), users, shards));
  }

  private static boolean isDeactivated(String userId, UserPartitions users, Shards shards) {
    var status = shards.users(users.applyAsInt(userId)).user(userId);
    return status != null && !status.active();
  }

  /** Returns a sentence if an event changes what a deactivated user would have; else null. */
  private static @Nullable String withheld(
      List<AccessUpdate> updates, UserPartitions users, Shards shards) {
    for (var update : updates) {
      if (update instanceof MembershipChanged changed
          && isDeactivated(changed.userId(), users, shards)) {
        return "user %s is deactivated: no access changes until UserReactivated"
            .formatted(EventIds.quoted(changed.userId()));
      }
    }
    return null;
  }

  private static PreviewView of(
      ProductEvent event, Shards shards, DecisionRules decisionRules, long nowMs) {
    var users = new UserPartitions(shards.userPartitions());
    var decider = new ProductDecider(users, decisionRules);
    return switch (decide(event, shards, decider, nowMs)) {
      case Decision.Applied applied ->
          view(
              Outcome.APPLIED,
              null,
              withheld(applied.updates(), users, shards),
              ask(applied.updates(), users, shards));
      case Decision.NoOp noOp -> view(Outcome.NO_OP, null, null, List.of());
      case Decision.Duplicate duplicate -> view(Outcome.DUPLICATE, null, null, List.of());
      case Decision.Rejected rejected ->
          view(Outcome.REJECTED, rejected.reason().name(), rejected.message(), List.of());
    };
  }

  /**
   * Decides the event. A request may be newer than the counters of its product, which are those of
   * the last commit; so a decision that finds them contradictory is tried again.
   *
   * @throws ShardUnavailableException if they still are after a while
   */
  private static Decision decide(
      ProductEvent event, Shards shards, ProductDecider decider, long nowMs) {
    for (int tries = 1; ; tries++) {
      var place = new ProductLocator(shards).find(event.productId());
      var partition = shards.productPartition(event.productId());
      var part = place == null ? shards.products(partition) : place.part();
      try {
        return decider.decide(
            event.productId(),
            place == null ? null : place.product(),
            ProductLocator.requests(part, event.productId()),
            event,
            nowMs);
      } catch (IllegalStateException e) {
        if (tries == TRIES_MAX) {
          throw new ShardUnavailableException(
              ShardKind.PRODUCTS, partition, "its state is changing: " + e.getMessage());
        }
        LockSupport.parkNanos(RETRY.toNanos());
      }
    }
  }

  /** Sends each update to its partition, in order. */
  private static List<PreviewResult> ask(
      List<AccessUpdate> updates, UserPartitions users, Shards shards) {
    var serializer = new AccessUpdateSerde().serializer();
    var byPartition = new TreeMap<Integer, List<byte[]>>();
    for (var update : updates) {
      var bytes = serializer.serialize(UpdatesTopic.NAME, update);
      users
          .partitions(UpdatesTopic.NAME, update.key(), update, users.count())
          .orElseThrow()
          .forEach(p -> byPartition.computeIfAbsent(p, k -> new ArrayList<>()).add(bytes));
    }
    var all = new ArrayList<PreviewResult>();
    byPartition.forEach((p, bytes) -> all.add(shards.users(p).preview(bytes)));
    return all;
  }

  private static PreviewView view(
      Outcome outcome,
      @Nullable String reason,
      @Nullable String message,
      List<PreviewResult> previewResults) {
    var users = new TreeSet<String>();
    var sources = new TreeSet<SourceRef>();
    previewResults.forEach(f -> sources.addAll(f.sources()));
    var grants = first(previewResults, PreviewResult::firstGrants);
    var revokes = first(previewResults, PreviewResult::firstRevokes);
    grants.forEach(command -> users.add(command.userId()));
    revokes.forEach(command -> users.add(command.userId()));
    return new PreviewView(
        outcome,
        reason,
        message,
        new Commands(previewResults.stream().mapToLong(PreviewResult::grants).sum(), grants),
        new Commands(previewResults.stream().mapToLong(PreviewResult::revokes).sum(), revokes),
        new Touched(
            previewResults.stream().mapToLong(PreviewResult::users).sum(),
            users.stream().limit(LISTED).toList()),
        new TouchedSources(
            sources.size(),
            sources.stream()
                .limit(LISTED)
                .map(s -> new DataSource(s.sourceId(), s.sourceType()))
                .toList()),
        previewResults.stream().allMatch(PreviewResult::complete));
  }

  private static List<CommandView> first(
      List<PreviewResult> previewResults, Function<PreviewResult, List<PreviewedCommand>> which) {
    return previewResults.stream()
        .flatMap(f -> which.apply(f).stream())
        .limit(LISTED)
        .map(
            c ->
                new CommandView(
                    c.userId(),
                    c.source().sourceId(),
                    c.source().sourceType(),
                    c.productId(),
                    c.reason()))
        .toList();
  }
}
