package dev.sluice.sim;

import dev.sluice.event.DataSource;
import dev.sluice.event.Payload;
import dev.sluice.event.ProductEvent;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The naive model: applies the table of what each event does, word for word, to plain maps, and
 * recomputes all access from nothing whenever it is asked. It shares no code with the stages.
 */
public final class Model {

  /** A user's access to a source. */
  public record Access(String userId, String sourceId) {}

  static final class ModelRequest {
    String userId = "";
    String state = "";
  }

  static final class ModelProduct {
    String state = "ACTIVE";
    Long sequence;
    String name = "";
    Map<String, String> sources = new TreeMap<>();
    boolean staged;
    boolean agreement;
    Map<String, ModelRequest> requests = new TreeMap<>();
  }

  final Map<String, ModelProduct> products = new TreeMap<>();

  /** Applies an event; the answer is what the worker should say of it. */
  public String apply(String key, ProductEvent e) {
    if (bad(e.eventId()) || bad(e.productId()) || !e.productId().equals(key) || badIds(e)) {
      return "invalid_id";
    }
    var p = products.get(e.productId());
    if (e.payload() instanceof Payload.ProductPublished published) {
      return publish(e, p, published);
    }
    if (p == null) {
      return "unknown_product";
    }
    if (e.sequence() != null && p.sequence != null && e.sequence() <= p.sequence) {
      return "duplicate";
    }
    if (p.state.equals("DELETED")) {
      return "product_deleted";
    }
    var outcome = change(p, e);
    if (outcome.equals("applied") || outcome.equals("no_op")) {
      p.sequence = e.sequence() == null ? p.sequence : e.sequence();
    }
    return outcome;
  }

  private String publish(ProductEvent e, ModelProduct known, Payload.ProductPublished published) {
    if (known != null) {
      return known.state.equals("DELETED") ? "product_deleted" : "product_exists";
    }
    var p = new ModelProduct();
    if (conflict(p, published.dataSources())) {
      return "conflicting_source_type";
    }
    p.name = published.name();
    p.sequence = e.sequence();
    p.sources = sources(published.dataSources());
    p.staged = published.approvalPolicy() != null && !published.approvalPolicy().stages().isEmpty();
    p.agreement = !published.dataUseAgreements().isEmpty();
    products.put(e.productId(), p);
    return "applied";
  }

  private String change(ModelProduct p, ProductEvent e) {
    switch (e.payload()) {
      case Payload.ProductUpdated u -> {
        var name = u.name() == null ? p.name : u.name();
        var same = name.equals(p.name);
        p.name = name;
        return same ? "no_op" : "applied";
      }
      case Payload.DataSourcesReplaced r -> {
        if (conflict(p, r.dataSources())) {
          return "conflicting_source_type";
        }
        var same = sources(r.dataSources()).equals(p.sources);
        p.sources = sources(r.dataSources());
        return same ? "no_op" : "applied";
      }
      case Payload.ProductSuspended s -> {
        return moveTo(p, "SUSPENDED");
      }
      case Payload.ProductResumed s -> {
        return moveTo(p, "ACTIVE");
      }
      case Payload.ProductDeleted d -> {
        p.state = "DELETED";
        p.sources = new TreeMap<>();
        p.requests.values().stream()
            .filter(r -> r.state.equals("PENDING"))
            .forEach(r -> r.state = "CANCELED");
        return "applied";
      }
      case Payload.AccessRequested r -> {
        if (p.requests.containsKey(r.requestId())) {
          return "request_exists";
        }
        if (!p.staged && p.agreement && !r.agreementAcknowledged()) {
          return "agreement_not_acknowledged";
        }
        put(p, r.requestId(), r.userId(), p.staged ? "PENDING" : "APPROVED");
        return "applied";
      }
      case Payload.AccessApproved a -> {
        var r = p.requests.get(a.requestId());
        if (r != null && !r.userId.equals(a.userId())) {
          return "request_exists";
        }
        if (r != null && r.state.equals("APPROVED")) {
          return "no_op";
        }
        if (r != null && !r.state.equals("PENDING")) {
          return "not_pending";
        }
        put(p, a.requestId(), a.userId(), "APPROVED");
        return "applied";
      }
      case Payload.AccessRevoked v -> {
        if (v.requestId() != null) {
          var r = p.requests.get(v.requestId());
          if (r == null || !r.userId.equals(v.userId())) {
            return "unknown_request";
          }
        }
        var approved =
            p.requests.entrySet().stream()
                .filter(r -> v.requestId() == null || r.getKey().equals(v.requestId()))
                .map(Map.Entry::getValue)
                .filter(r -> r.userId.equals(v.userId()) && r.state.equals("APPROVED"))
                .toList();
        approved.forEach(r -> r.state = "REVOKED");
        return approved.isEmpty() ? "not_approved" : "applied";
      }
      case Payload.AccessDenied d -> {
        return refuse(p, d.requestId(), "DENIED");
      }
      case Payload.AccessRequestCanceled c -> {
        return refuse(p, c.requestId(), "CANCELED");
      }
      default -> throw new IllegalArgumentException(e.type());
    }
  }

  private static String moveTo(ModelProduct p, String state) {
    var same = p.state.equals(state);
    p.state = state;
    return same ? "no_op" : "applied";
  }

  private static String refuse(ModelProduct p, String requestId, String state) {
    var r = p.requests.get(requestId);
    if (r == null) {
      return "unknown_request";
    }
    if (!r.state.equals("PENDING")) {
      return "not_pending";
    }
    r.state = state;
    return "applied";
  }

  private static void put(ModelProduct p, String requestId, String userId, String state) {
    var r = new ModelRequest();
    r.userId = userId;
    r.state = state;
    p.requests.put(requestId, r);
  }

  private static boolean conflict(ModelProduct p, List<DataSource> sources) {
    var types = new HashSet<DataSource>(sources);
    p.sources.forEach((id, type) -> types.add(new DataSource(id, type)));
    var given = sources.stream().map(DataSource::sourceId).collect(Collectors.toSet());
    return types.stream().filter(s -> given.contains(s.sourceId())).count() != given.size();
  }

  private static Map<String, String> sources(List<DataSource> sources) {
    var map = new TreeMap<String, String>();
    sources.forEach(s -> map.put(s.sourceId(), s.sourceType()));
    return map;
  }

  private static boolean badIds(ProductEvent e) {
    return switch (e.payload()) {
      case Payload.ProductPublished p -> p.dataSources().stream().anyMatch(s -> bad(s.sourceId()));
      case Payload.DataSourcesReplaced p ->
          p.dataSources().stream().anyMatch(s -> bad(s.sourceId()));
      case Payload.AccessRequested p -> bad(p.requestId()) || bad(p.userId());
      case Payload.AccessApproved p -> bad(p.requestId()) || bad(p.userId());
      case Payload.AccessRevoked p ->
          (p.requestId() != null && bad(p.requestId())) || bad(p.userId());
      case Payload.AccessDenied p -> bad(p.requestId());
      case Payload.AccessRequestCanceled p -> bad(p.requestId());
      default -> false;
    };
  }

  private static boolean bad(String id) {
    return !id.matches("[^|\\p{Cntrl}\\u0080-\\u009f]{1,256}");
  }

  /** Whether the user has an approved request for the product. */
  public boolean isMember(String userId, String productId) {
    var p = products.get(productId);
    return p != null
        && p.requests.values().stream()
            .anyMatch(r -> r.userId.equals(userId) && r.state.equals("APPROVED"));
  }

  /** All access there is, from nothing. */
  public Set<Access> access() {
    var access = new HashSet<Access>();
    for (var p : products.values()) {
      if (p.state.equals("ACTIVE")) {
        for (var r : p.requests.values()) {
          if (r.state.equals("APPROVED")) {
            p.sources.keySet().forEach(s -> access.add(new Access(r.userId, s)));
          }
        }
      }
    }
    return access;
  }

  /** Memberships that a product which is not deleted has. */
  public long memberships() {
    return products.values().stream()
        .filter(p -> !p.state.equals("DELETED"))
        .mapToLong(
            p ->
                p.requests.values().stream()
                    .filter(r -> r.state.equals("APPROVED"))
                    .map(r -> r.userId)
                    .collect(Collectors.toCollection(TreeSet::new))
                    .size())
        .sum();
  }

  /** Requests of the product in that state. */
  public long count(String productId, String state) {
    var p = products.get(productId);
    return p.requests.values().stream().filter(r -> r.state.equals(state)).count();
  }
}
