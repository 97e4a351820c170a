package dev.sluice.query;

import dev.sluice.access.AccessUpdate;
import dev.sluice.access.AccessUpdateSerde;
import dev.sluice.access.Foresight;
import dev.sluice.access.Foresight.Foreseen;
import dev.sluice.access.SourceRef;
import dev.sluice.event.DataSource;
import dev.sluice.event.ProductEvent;
import dev.sluice.product.Decision;
import dev.sluice.product.ProductDecider;
import dev.sluice.product.Rules;
import dev.sluice.query.Answer.CommandView;
import dev.sluice.query.Answer.Commands;
import dev.sluice.query.Answer.Outcome;
import dev.sluice.query.Answer.PreviewView;
import dev.sluice.query.Answer.Touched;
import dev.sluice.query.Answer.TouchedSources;
import dev.sluice.topology.UpdatesTopic;
import dev.sluice.topology.UserPartitions;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What an event would do if it came now: decided by the stages' own deciders, over the state as it
 * is, and nothing is changed.
 */
final class Preview {
  private static final int LISTED = LocalParts.FORESEE_LISTED;

  private Preview() {}

  static PreviewView of(ProductEvent event, Parts parts, Rules rules, long nowMs) {
    var users = new UserPartitions(parts.userPartitions());
    var place = new Lookup(parts).find(event.productId());
    var part =
        place == null ? parts.products(parts.productPartition(event.productId())) : place.part();
    var decision =
        new ProductDecider(users, rules)
            .decide(
                event.productId(),
                place == null ? null : place.product(),
                Lookup.requests(part, event.productId()),
                event,
                nowMs);
    return switch (decision) {
      case Decision.Applied applied ->
          view(Outcome.APPLIED, null, null, foresee(applied.updates(), users, parts));
      case Decision.NoOp noOp -> view(Outcome.NO_OP, null, null, List.of());
      case Decision.Duplicate duplicate -> view(Outcome.DUPLICATE, null, null, List.of());
      case Decision.Rejected rejected ->
          view(Outcome.REJECTED, rejected.reason().name(), rejected.message(), List.of());
    };
  }

  /** Each update goes where it would go, in order. */
  private static List<Foresight> foresee(
      List<AccessUpdate> updates, UserPartitions users, Parts parts) {
    var serializer = new AccessUpdateSerde().serializer();
    var byPartition = new TreeMap<Integer, List<byte[]>>();
    for (var update : updates) {
      var bytes = serializer.serialize(UpdatesTopic.NAME, update);
      users
          .partitions(UpdatesTopic.NAME, update.productId(), update, users.count())
          .orElseThrow()
          .forEach(p -> byPartition.computeIfAbsent(p, k -> new ArrayList<>()).add(bytes));
    }
    var all = new ArrayList<Foresight>();
    byPartition.forEach((p, bytes) -> all.add(parts.users(p).foresee(bytes)));
    return all;
  }

  private static PreviewView view(
      Outcome outcome,
      @Nullable String reason,
      @Nullable String message,
      List<Foresight> foresights) {
    var users = new TreeSet<String>();
    var sources = new TreeSet<SourceRef>();
    foresights.forEach(f -> sources.addAll(f.sources()));
    var grants = first(foresights, Foresight::firstGrants);
    var revokes = first(foresights, Foresight::firstRevokes);
    grants.forEach(command -> users.add(command.userId()));
    revokes.forEach(command -> users.add(command.userId()));
    return new PreviewView(
        outcome,
        reason,
        message,
        new Commands(foresights.stream().mapToLong(Foresight::grants).sum(), grants),
        new Commands(foresights.stream().mapToLong(Foresight::revokes).sum(), revokes),
        new Touched(
            foresights.stream().mapToLong(Foresight::users).sum(),
            users.stream().limit(LISTED).toList()),
        new TouchedSources(
            sources.size(),
            sources.stream()
                .limit(LISTED)
                .map(s -> new DataSource(s.sourceId(), s.sourceType()))
                .toList()),
        foresights.stream().allMatch(Foresight::complete));
  }

  private static List<CommandView> first(
      List<Foresight> foresights, Function<Foresight, List<Foreseen>> which) {
    return foresights.stream()
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
