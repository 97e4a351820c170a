package dev.sluice.sim;

import dev.sluice.sim.Model.Access;
import dev.sluice.update.AccessUpdate;
import dev.sluice.update.AccessUpdate.MembershipChanged;
import dev.sluice.update.AccessUpdate.ProductRevised;
import dev.sluice.update.AccessUpdate.ProductSnapshot;
import dev.sluice.update.AccessUpdate.Trigger;
import dev.sluice.update.AccessUpdate.UserChanged;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The naive model of one partition of access-updates: every update applied whole, one after the
 * other, with no sweep. It remembers what turned each entitlement last. It shares no code with the
 * access stage.
 */
final class View {

  /** The last time that a product began or ceased to give a user a source. */
  record Turn(boolean on, long position, Trigger cause, String reason) {}

  private static final String ORDER = "I8 exactly once, updates as they were said";

  private final Map<String, ProductSnapshot> copies = new TreeMap<>();
  private final Map<String, Set<String>> members = new HashMap<>();
  private final Map<Access, Map<String, Turn>> turns = new HashMap<>();
  private final Map<String, Long> touched = new HashMap<>();

  /** The last change of each user who was ever deactivated. */
  private final Map<String, UserChanged> users = new HashMap<>();

  /** The same again, to go back to. */
  View copy() {
    var copy = new View();
    copy.copies.putAll(copies);
    members.forEach((id, users) -> copy.members.put(id, new TreeSet<>(users)));
    turns.forEach((pair, byProduct) -> copy.turns.put(pair, new TreeMap<>(byProduct)));
    copy.touched.putAll(touched);
    copy.users.putAll(users);
    return copy;
  }

  /** Applies an update; the answer is what it turned. */
  Set<Access> apply(AccessUpdate update, long position) {
    var turned = new HashSet<Access>();
    switch (update) {
      case UserChanged u -> {
        users.put(u.userId(), u);
        touched.put(u.userId(), position);
        for (var pair : turns.keySet()) {
          if (pair.userId().equals(u.userId()) && holds(pair)) {
            turned.add(pair);
          }
        }
      }
      case MembershipChanged m -> {
        var productId = m.productId();
        var copy = copies.get(productId);
        Violation.unless(copy != null, ORDER, "%s comes before the product's revision", m);
        var users = members.computeIfAbsent(productId, id -> new TreeSet<>());
        var changed = m.member() ? users.add(m.userId()) : users.remove(m.userId());
        Violation.unless(changed, ORDER, "%s says what holds already", m);
        Violation.unless(m.last() == users.isEmpty(), ORDER, "%s, left are %s", m, users);
        var reason = m.reason().name();
        for (var source : given(copy)) {
          var turn = new Turn(m.member(), position, m.cause(), reason);
          turned.add(turn(m.userId(), source, productId, turn));
        }
        touched.put(m.userId(), position);
        if (users.isEmpty()) {
          forget(productId);
        }
      }
      case ProductRevised r -> {
        var productId = r.productId();
        var before = copies.put(productId, r.copy());
        for (var userId : members(productId)) {
          turned.addAll(revise(userId, before, r, position));
        }
        if (r.deleted()) {
          forget(productId);
        }
      }
    }
    return turned;
  }

  private void forget(String productId) {
    copies.remove(productId);
    members.remove(productId);
  }

  private Set<Access> revise(
      String userId, ProductSnapshot before, ProductRevised r, long position) {
    var turned = new HashSet<Access>();
    var losing =
        r.deleted()
            ? "PRODUCT_DELETED"
            : r.copy().active() ? "SOURCE_REMOVED" : "PRODUCT_SUSPENDED";
    var gaining = before.active() ? "SOURCE_ADDED" : "PRODUCT_RESUMED";
    for (var lost : less(given(before), given(r.copy()))) {
      turned.add(turn(userId, lost, r.productId(), new Turn(false, position, r.cause(), losing)));
    }
    for (var gained : less(given(r.copy()), given(before))) {
      turned.add(turn(userId, gained, r.productId(), new Turn(true, position, r.cause(), gaining)));
    }
    return turned;
  }

  private static Set<String> less(Set<String> all, Set<String> without) {
    var rest = new TreeSet<>(all);
    rest.removeAll(without);
    return rest;
  }

  private Access turn(String userId, String source, String productId, Turn turn) {
    var pair = Access.to(userId, source);
    turns.computeIfAbsent(pair, p -> new TreeMap<>()).put(productId, turn);
    return pair;
  }

  /** The product's members here. */
  Set<String> members(String productId) {
    return members.getOrDefault(productId, Set.of());
  }

  /** Returns the sources that the product provides here, each as {@code id|type}. */
  Set<String> given(String productId) {
    var copy = copies.get(productId);
    return copy == null ? Set.of() : given(copy);
  }

  private static Set<String> given(ProductSnapshot copy) {
    var given = new TreeSet<String>();
    if (copy.active()) {
      copy.sources().forEach(s -> given.add(s.sourceId() + "|" + s.sourceType()));
    }
    return given;
  }

  /** Whether the user is to have the source, from nothing. */
  boolean gives(Access pair) {
    return isActive(pair.userId()) && holds(pair);
  }

  /** Whether a product gives the user the source, whether or not the user is active. */
  boolean holds(Access pair) {
    return holder(pair) != null;
  }

  /** The first product by id that gives the user the source; null for none. */
  String holder(Access pair) {
    return copies.keySet().stream()
        .filter(id -> members(id).contains(pair.userId()) && given(id).contains(pair.source()))
        .findFirst()
        .orElse(null);
  }

  /** Whether the user is not deactivated. */
  boolean isActive(String userId) {
    var last = users.get(userId);
    return last == null || last.active();
  }

  /** The last change of a user; null for one who was never deactivated. */
  UserChanged user(String userId) {
    return users.get(userId);
  }

  /** How many users are deactivated. */
  int deactivated() {
    return (int) users.values().stream().filter(user -> !user.active()).count();
  }

  /** The product that has given it for longest of those that give it now; null for none. */
  String firstGiver(Access pair) {
    return turns(pair).entrySet().stream()
        .filter(e -> e.getValue().on())
        .min(
            Comparator.<Map.Entry<String, Turn>>comparingLong(e -> e.getValue().position())
                .thenComparing(Map.Entry::getKey))
        .map(Map.Entry::getKey)
        .orElse(null);
  }

  /** Returns the last change of each product. */
  Map<String, Turn> turns(Access pair) {
    return turns.getOrDefault(pair, Map.of());
  }

  /** Where the user's membership changed last. */
  long touched(String userId) {
    return touched.getOrDefault(userId, -1L);
  }

  /** How many memberships there are here. */
  int memberships() {
    return members.values().stream().mapToInt(Set::size).sum();
  }

  /** How many pairs of a product and a source that it gives. */
  int givenSources() {
    return copies.keySet().stream().mapToInt(id -> given(id).size()).sum();
  }

  /** How many products are known here. */
  int products() {
    return copies.size();
  }
}
