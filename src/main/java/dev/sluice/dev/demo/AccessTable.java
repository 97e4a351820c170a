package dev.sluice.dev.demo;

import dev.sluice.avro.AccessAction;
import dev.sluice.avro.AccessCommand;
import dev.sluice.avro.ProductState;
import dev.sluice.avro.ProductStatus;
import dev.sluice.avro.RequestState;
import dev.sluice.avro.RequestStatus;
import dev.sluice.cli.RejectedEvent;
import dev.sluice.event.UserEvent;
import dev.sluice.event.UserPayload;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Computes access from the published statuses and, separately, from the commands. The two must
 * agree.
 */
final class AccessTable {

  /** A user and a source, identified by id and type. */
  record Pair(String userId, String sourceId, String sourceType) implements Comparable<Pair> {
    private static final Comparator<Pair> ORDER =
        Comparator.comparing(Pair::userId)
            .thenComparing(Pair::sourceId)
            .thenComparing(Pair::sourceType);

    @Override
    public int compareTo(Pair other) {
      return ORDER.compare(this, other);
    }
  }

  private final Map<String, ProductStatus> products = new TreeMap<>();
  private final Map<String, RequestStatus> requests = new TreeMap<>();
  private final Map<Pair, AccessCommand> commands = new TreeMap<>();

  /** Events about users, in their order; the last one of a user counts. */
  private final List<UserEvent> users = new ArrayList<>();

  private final Set<String> rejected = new HashSet<>();

  void add(UserEvent event) {
    // Repeated events change nothing.
    if (!users.contains(event)) {
      users.add(event);
    }
  }

  void add(RejectedEvent event) {
    if (event.event() instanceof UserEvent user) {
      rejected.add(user.eventId());
    }
  }

  private Set<String> deactivated() {
    var deactivated = new HashSet<String>();
    for (var event : users) {
      if (rejected.contains(event.eventId())) {
        continue;
      }
      if (event.payload() instanceof UserPayload.UserDeactivated) {
        deactivated.add(event.userId());
      } else {
        deactivated.remove(event.userId());
      }
    }
    return deactivated;
  }

  void add(AccessCommand command) {
    commands.put(
        new Pair(command.getUserId(), command.getSourceId(), command.getSourceType()), command);
  }

  void add(ProductStatus status) {
    products.put(status.getProductId(), status);
  }

  void add(RequestStatus status) {
    requests.put(status.getProductId() + '|' + status.getRequestId(), status);
  }

  /** Returns the newest status of each product, by productId. */
  Iterable<ProductStatus> products() {
    return products.values();
  }

  /** Returns the newest status of each request, by productId and requestId. */
  Iterable<RequestStatus> requests() {
    return requests.values();
  }

  /** Returns whether an approved request expires before a time. */
  boolean expires(Instant before) {
    return requests.values().stream()
        .anyMatch(
            r ->
                r.getState() == RequestState.APPROVED
                    && r.getExpiresAt() != null
                    && r.getExpiresAt().isBefore(before));
  }

  /** Returns the products and requests, as text, that give access to each user and source. */
  Map<Pair, List<String>> access() {
    var access = new TreeMap<Pair, List<String>>();
    var deactivated = deactivated();
    for (var request : requests.values()) {
      var product = products.get(request.getProductId());
      if (request.getState() == RequestState.APPROVED
          && product != null
          && !deactivated.contains(request.getUserId())
          && product.getState() == ProductState.ACTIVE) {
        for (var source : product.getDataSources()) {
          access
              .computeIfAbsent(
                  new Pair(request.getUserId(), source.getSourceId(), source.getSourceType()),
                  pair -> new ArrayList<>())
              .add(product.getProductId() + " (request " + request.getRequestId() + ")");
        }
      }
    }
    return access;
  }

  /** Returns differences between commands and statuses, as text; empty if they agree. */
  List<String> disagreements() {
    var access = access().keySet();
    var wrong = new ArrayList<String>();
    commands.forEach(
        (pair, command) -> {
          if ((command.getAction() == AccessAction.GRANT) != access.contains(pair)) {
            wrong.add(
                "the last command for %s and %s (%s) is %s"
                    .formatted(pair.userId, pair.sourceId, pair.sourceType, command.getAction()));
          }
        });
    access.stream()
        .filter(pair -> !commands.containsKey(pair))
        .forEach(
            pair ->
                wrong.add(
                    "%s was never granted %s (%s)"
                        .formatted(pair.userId, pair.sourceId, pair.sourceType)));
    return wrong;
  }
}
