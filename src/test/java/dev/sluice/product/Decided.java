package dev.sluice.product;

import dev.sluice.contract.RejectionReason;
import dev.sluice.event.ProductEvent;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One product and its requests in memory, as the decider left them. Users live in the partition of
 * their initial: ana and adam in 0, bob in 1, cleo in 2.
 */
final class Decided implements Requests {
  /** The current time: when the events of {@link dev.sluice.event.Events} happen. */
  static final long NOW_MS = dev.sluice.event.Events.NOON.toEpochMilli();

  private final DecisionRules rules;
  private final ProductDecider decider;
  private final SortedMap<String, AccessRequest> requests = new TreeMap<>();
  private @Nullable Product product;

  private Decided(DecisionRules decisionRules) {
    rules = decisionRules;
    decider = new ProductDecider(userId -> userId.charAt(0) - 'a', decisionRules);
  }

  /** The state after these events, each of which must be accepted. */
  static Decided after(ProductEvent... events) {
    return after(DecisionRules.DEFAULT, events);
  }

  /** The same by other rules. */
  static Decided after(DecisionRules decisionRules, ProductEvent... events) {
    var decided = new Decided(decisionRules);
    for (var event : events) {
      switch (decided.decide(event)) {
        case Decision.Applied applied -> {
          decided.product = applied.product();
          applied
              .requests()
              .forEach(c -> decided.requests.put(c.request().requestId(), c.request()));
        }
        case Decision.NoOp noOp -> decided.product = noOp.product();
        default -> throw new AssertionError("not accepted: " + event);
      }
    }
    return decided;
  }

  /** The state after one more change. */
  Decided with(Decision.Applied applied) {
    var after = new Decided(rules);
    after.requests.putAll(requests);
    after.product = applied.product();
    applied.requests().forEach(c -> after.requests.put(c.request().requestId(), c.request()));
    return after;
  }

  /** Returns the decision about the event, under the right key; the state stays. */
  Decision decide(ProductEvent event) {
    return decide(event.productId(), event);
  }

  /** Returns the decision about the event in that partition. */
  Decision decide(int partition, ProductEvent event) {
    return listed(decider.decide(event.productId(), partition, product, this, event, NOW_MS));
  }

  Decision decide(@Nullable String key, ProductEvent event) {
    return listed(decider.decide(key, product, this, TextLimits.cut(event), NOW_MS));
  }

  /** With every request that changes in its list, also those that are only named. */
  private Decision listed(Decision decision) {
    if (!(decision instanceof Decision.Applied applied)) {
      return decision;
    }
    var changes = new ArrayList<Decision.RequestChange>();
    applied.visit(this, changes::add);
    return new Decision.Applied(applied.product(), changes, applied.updates());
  }

  /** The decision where it must change something. */
  Decision.Applied apply(ProductEvent event) {
    var decision = decide(event);
    if (decision instanceof Decision.Applied applied) {
      return applied;
    }
    throw new AssertionError("not applied: " + decision);
  }

  /** The reason where the event must be rejected. */
  RejectionReason rejection(ProductEvent event) {
    var decision = decide(event);
    if (decision instanceof Decision.Rejected rejected) {
      return rejected.reason();
    }
    throw new AssertionError("not rejected: " + decision);
  }

  Product product() {
    if (product == null) {
      throw new AssertionError("no product");
    }
    return product;
  }

  @Override
  public @Nullable AccessRequest find(String requestId) {
    return requests.get(requestId);
  }

  @Override
  public void visitApproved(String userId, Predicate<AccessRequest> goesOn) {
    show(approvedOf(userId), goesOn);
  }

  private static void show(List<AccessRequest> requests, Predicate<AccessRequest> goesOn) {
    for (var request : requests) {
      if (!goesOn.test(request)) {
        return;
      }
    }
  }

  private List<AccessRequest> approvedOf(String userId) {
    return in(RequestState.APPROVED).stream().filter(r -> r.userId().equals(userId)).toList();
  }

  @Override
  public boolean hasApproved(String userId, Set<String> except) {
    return approvedOf(userId).stream().anyMatch(r -> !except.contains(r.requestId()));
  }

  @Override
  public void visitScheduled(String userId, Predicate<AccessRequest> goesOn) {
    show(
        in(RequestState.SCHEDULED).stream().filter(r -> r.userId().equals(userId)).toList(),
        goesOn);
  }

  @Override
  public void visitExpired(String userId, long afterMs, Predicate<AccessRequest> goesOn) {
    show(
        in(RequestState.EXPIRED).stream()
            .filter(r -> r.userId().equals(userId) && end(r) > afterMs)
            .sorted(Comparator.comparing(Decided::end))
            .toList(),
        goesOn);
  }

  @Override
  public @Nullable AccessRequest lastEnded(String userId, long atMs) {
    return requests.values().stream()
        .filter(r -> r.userId().equals(userId) && r.stateAt(atMs) == RequestState.EXPIRED)
        .max(Comparator.comparing(Decided::end))
        .orElse(null);
  }

  private static long end(AccessRequest expired) {
    return Objects.requireNonNull(expired.expiresAtMs());
  }

  private List<AccessRequest> in(RequestState state) {
    return requests.values().stream()
        .filter(r -> r.state() == state)
        .sorted(Comparator.comparing(AccessRequest::requestId))
        .toList();
  }
}
