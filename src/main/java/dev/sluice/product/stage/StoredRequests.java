package dev.sluice.product.stage;

import dev.sluice.avro.internal.StoredRequest;
import dev.sluice.keys.StoreKeys;
import dev.sluice.product.AccessRequest;
import dev.sluice.product.RequestState;
import dev.sluice.product.Requests;
import dev.sluice.streams.InconsistentReadException;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.jspecify.annotations.Nullable;

/** The stored requests of one product. */
final class StoredRequests implements Requests {
  private static final StringSerializer PREFIX = new StringSerializer();

  private final String productId;
  private final ReadOnlyKeyValueStore<String, StoredRequest> requests;
  private final ReadOnlyKeyValueStore<String, byte[]> approved;
  private final @Nullable LastRead lastRead;
  private final @Nullable ApprovedUsers users;

  /**
   * The stored request that was read last, or known to be missing. A decision reads a request, and
   * the stage needs the same one again to store the change. For one thread.
   */
  static final class LastRead {
    private String key = "";
    private @Nullable AccessRequest request;

    private boolean is(String otherKey) {
      return key.equals(otherKey);
    }

    private void set(String newKey, @Nullable AccessRequest newRequest) {
      key = newKey;
      request = newRequest;
    }

    /** Called when a request is stored or removed. */
    void forget() {
      set("", null);
    }
  }

  StoredRequests(
      String productId,
      ReadOnlyKeyValueStore<String, StoredRequest> requests,
      ReadOnlyKeyValueStore<String, byte[]> approved) {
    this(productId, requests, approved, null, null);
  }

  /**
   * Creates the requests of a product.
   *
   * @param lastRead remembers the last request; null for none
   * @param users the users with an approved request; null if they are not known
   */
  StoredRequests(
      String productId,
      ReadOnlyKeyValueStore<String, StoredRequest> requests,
      ReadOnlyKeyValueStore<String, byte[]> approved,
      @Nullable LastRead lastRead,
      @Nullable ApprovedUsers users) {
    this.productId = productId;
    this.requests = requests;
    this.approved = approved;
    this.lastRead = lastRead;
    this.users = users;
  }

  /** Returns the key in {@link ProductStores#APPROVED}; null if the request has no entry there. */
  static @Nullable String approvedKey(String productId, @Nullable AccessRequest request) {
    if (request == null) {
      return null;
    }
    var end = request.expiresAtMs();
    return switch (request.state()) {
      case APPROVED -> StoreKeys.approved(productId, request.userId(), request.requestId());
      case SCHEDULED -> StoreKeys.scheduled(productId, request.userId(), request.requestId());
      case EXPIRED ->
          end == null
              ? null
              : StoreKeys.expired(productId, request.userId(), end, request.requestId());
      case PENDING, DENIED, CANCELED, REVOKED, LAPSED -> null;
    };
  }

  @Override
  public @Nullable AccessRequest find(String requestId) {
    var key = StoreKeys.request(productId, requestId);
    if (lastRead != null && lastRead.is(key)) {
      return lastRead.request;
    }
    var stored = requests.get(key);
    var request = stored == null ? null : ProductAvro.request(stored);
    if (lastRead != null) {
      lastRead.set(key, request);
    }
    return request;
  }

  @Override
  public boolean hasApproved(String userId, Set<String> except) {
    var prefix = StoreKeys.approved(productId, userId);
    if (users != null && !users.mayContain(prefix)) {
      return false;
    }
    try (var entries = approved.prefixScan(prefix, PREFIX)) {
      while (entries.hasNext()) {
        if (!except.contains(entries.next().key.substring(prefix.length()))) {
          return true;
        }
      }
    }
    return false;
  }

  /** Returns the number of the user's approved requests; reads only keys. */
  long approvedCount(String userId) {
    long count = 0;
    try (var entries = approved.prefixScan(StoreKeys.approved(productId, userId), PREFIX)) {
      while (entries.hasNext()) {
        entries.next();
        count++;
      }
    }
    return count;
  }

  @Override
  public @Nullable AccessRequest lastEnded(String userId, long atMs) {
    var due = new AtomicReference<@Nullable AccessRequest>();
    visitApproved(
        userId,
        request -> {
          var last = due.get();
          if (request.stateAt(atMs) == RequestState.EXPIRED
              && (last == null || end(request) >= end(last))) {
            due.set(request);
          }
          return true;
        });
    var late = due.get();
    if (late != null) {
      return late; // the clock has not reached its end yet, so it is the last
    }
    var to =
        atMs == Long.MAX_VALUE
            ? StoreKeys.expiredEnd(productId, userId)
            : StoreKeys.expiredFrom(productId, userId, atMs + 1);
    try (var entries = approved.reverseRange(StoreKeys.expired(productId, userId), to)) {
      return entries.hasNext() ? indexed(entries.next().key) : null;
    }
  }

  private static long end(AccessRequest request) {
    return Objects.requireNonNull(request.expiresAtMs());
  }

  @Override
  public void visitApproved(String userId, Predicate<AccessRequest> goesOn) {
    visitIndexed(StoreKeys.approved(productId, userId), goesOn);
  }

  @Override
  public void visitScheduled(String userId, Predicate<AccessRequest> goesOn) {
    visitIndexed(StoreKeys.scheduled(productId, userId), goesOn);
  }

  private void visitIndexed(String prefix, Predicate<AccessRequest> goesOn) {
    try (var entries = approved.prefixScan(prefix, PREFIX)) {
      while (entries.hasNext()) {
        if (!goesOn.test(indexed(entries.next().key))) {
          return;
        }
      }
    }
  }

  @Override
  public void visitExpired(String userId, long afterMs, Predicate<AccessRequest> goesOn) {
    if (afterMs == Long.MAX_VALUE) {
      return;
    }
    var from = StoreKeys.expiredFrom(productId, userId, afterMs + 1);
    try (var entries = approved.range(from, StoreKeys.expiredEnd(productId, userId))) {
      while (entries.hasNext()) {
        if (!goesOn.test(indexed(entries.next().key))) {
          return;
        }
      }
    }
  }

  /**
   * Visits requests by requestId, from the given one on.
   *
   * @return whether all were visited
   */
  boolean visit(String requestId, Predicate<AccessRequest> goesOn) {
    try (var entries =
        requests.range(StoreKeys.request(productId, requestId), StoreKeys.end(productId))) {
      while (entries.hasNext()) {
        if (!goesOn.test(ProductAvro.request(entries.next().value))) {
          return false;
        }
      }
    }
    return true;
  }

  /** Returns the request at the end of an index key. */
  private AccessRequest indexed(String key) {
    var request = find(StoreKeys.lastPart(key));
    if (request == null) {
      throw new InconsistentReadException("index names a missing request: " + key);
    }
    return request;
  }
}
