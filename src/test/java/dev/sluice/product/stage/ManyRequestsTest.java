package dev.sluice.product.stage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.avro.internal.StoredRequest;
import dev.sluice.event.Events;
import dev.sluice.event.ProductEvent;
import dev.sluice.product.AccessRequest;
import dev.sluice.product.Decision;
import dev.sluice.product.Product;
import dev.sluice.product.ProductDecider;
import dev.sluice.product.RequestCounts;
import dev.sluice.product.RequestState;
import dev.sluice.product.Requests;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** One user with many approved requests of one product: what an event about one of them reads. */
class ManyRequestsTest {
  private static final int FEW = 2;
  private static final int MANY = 2_000;

  private long reads;
  private final Counted<StoredRequest> requests = new Counted<>();
  private final Counted<byte[]> approved = new Counted<>();
  private final ProductDecider decider = new ProductDecider(user -> 0);
  private @Nullable Product product;

  private void apply(ProductEvent event) {
    var stored = new StoredRequests("p1", requests, approved);
    var decision = decider.decide("p1", product, stored, event, Events.NOON.toEpochMilli());
    if (!(decision instanceof Decision.Applied applied)) {
      throw new AssertionError("not applied: " + decision);
    }
    product = applied.product();
    applied.visit(stored, change -> put(stored, change.request()));
  }

  private void put(StoredRequests stored, AccessRequest request) {
    var keyBefore = StoredRequests.approvedKey("p1", stored.find(request.requestId()));
    if (keyBefore != null) {
      approved.entries.remove(keyBefore);
    }
    var key = StoredRequests.approvedKey("p1", request);
    if (key != null) {
      approved.entries.put(key, new byte[0]);
    }
    requests.entries.put("p1|" + request.requestId(), ProductAvro.stored(request));
  }

  private long readsOf(ProductEvent event) {
    reads = 0;
    apply(event);
    return reads;
  }

  private void approve(int from, int to) {
    for (int i = from; i < to; i++) {
      apply(Events.approved("p1", "r" + i, "eve"));
    }
  }

  @Test
  void anEventAboutOneRequestReadsNoMoreWhereTheUserHasManyOthers() {
    apply(Events.published("p1", "s1"));
    approve(0, FEW);
    var approvalAmongFew = readsOf(Events.approved("p1", "few", "eve"));
    var revocationAmongFew = readsOf(Events.revoked("p1", "few", "eve"));
    approve(FEW, MANY);

    assertThat(readsOf(Events.approved("p1", "many", "eve"))).isEqualTo(approvalAmongFew);
    assertThat(readsOf(Events.revoked("p1", "many", "eve"))).isEqualTo(revocationAmongFew);
    assertThat(approvalAmongFew).isPositive();
  }

  /** Requests that are made when they are shown, half of them EXPIRED after the event's time. */
  private static final class Shown implements Requests {
    private static final int COUNT = 400;
    private static final int EVERY = 50;

    private final List<WeakReference<AccessRequest>> shown = new ArrayList<>();
    private long heldMost;

    private static AccessRequest request(int i, RequestState state) {
      var policy = Events.policy("approver" + i);
      return AccessRequest.pending("r%03d-%s".formatted(i, state), "eve", policy, 0)
          .expiring(state == RequestState.EXPIRED ? Events.NOON.toEpochMilli() + 1 : null)
          .in(state);
    }

    private void show(RequestState state, Predicate<AccessRequest> goesOn) {
      for (int i = 0; i < COUNT; i++) {
        var request = request(i, state);
        shown.add(new WeakReference<>(request));
        if (!goesOn.test(request)) {
          return;
        }
        if (i % EVERY == EVERY - 1) {
          System.gc();
          heldMost = Math.max(heldMost, shown.stream().filter(r -> r.get() != null).count());
        }
      }
    }

    @Override
    public @Nullable AccessRequest find(String requestId) {
      throw new AssertionError("not asked");
    }

    @Override
    public void visitApproved(String userId, Predicate<AccessRequest> goesOn) {
      show(RequestState.APPROVED, goesOn);
    }

    @Override
    public void visitScheduled(String userId, Predicate<AccessRequest> goesOn) {}

    @Override
    public void visitExpired(String userId, long afterMs, Predicate<AccessRequest> goesOn) {
      show(RequestState.EXPIRED, goesOn);
    }

    @Override
    public boolean hasApproved(String userId, Set<String> except) {
      throw new AssertionError("not asked");
    }
  }

  @Test
  void theRevocationOfAllHoldsAFewOfThemAtATime() {
    apply(Events.published("p1", "s1"));
    approve(0, 1);
    var shown = new Shown();
    var before = Objects.requireNonNull(product);

    var decision =
        decider.decide(
            "p1",
            before.with(
                RequestCounts.of(
                    Map.of(
                        RequestState.APPROVED,
                        (long) Shown.COUNT,
                        RequestState.EXPIRED,
                        (long) Shown.COUNT)),
                before.members()),
            shown,
            Events.allRevoked("p1", "eve"),
            Events.NOON.toEpochMilli());
    var ended = new ArrayList<String>();
    ((Decision.Applied) decision)
        .visit(
            shown,
            change -> {
              assertThat(change.request().state()).isEqualTo(RequestState.REVOKED);
              ended.add(change.request().requestId());
            });

    assertThat(ended).hasSize(2 * Shown.COUNT).doesNotHaveDuplicates();
    assertThat(((Decision.Applied) decision).product().requests().in(RequestState.REVOKED))
        .isEqualTo(2L * Shown.COUNT);
    // The one that was shown last, and what the virtual machine has not yet let go.
    assertThat(shown.heldMost).isLessThan(5);
  }

  @Test
  void theRevocationOfAllReadsEachOfThemAFewTimesAndNotMore() {
    apply(Events.published("p1", "s1"));
    approve(0, MANY);
    assertThat(readsOf(Events.allRevoked("p1", "eve"))).isLessThan(6L * MANY);
    assertThat(approved.entries).isEmpty();
  }

  /** A store that counts what is read of it. */
  private final class Counted<V> implements ReadOnlyKeyValueStore<String, V> {
    private final TreeMap<String, V> entries = new TreeMap<>();

    @Override
    public @Nullable V get(String key) {
      reads++;
      return entries.get(key);
    }

    @Override
    public KeyValueIterator<String, V> range(String from, String to) {
      return new Reading<>(List.copyOf(entries.subMap(from, true, to, true).entrySet()).iterator());
    }

    @Override
    public <S extends Serializer<P>, P> KeyValueIterator<String, V> prefixScan(
        P prefix, S serializer) {
      return range(prefix.toString(), prefix.toString() + Character.MAX_VALUE);
    }

    @Override
    public KeyValueIterator<String, V> all() {
      return new Reading<>(entries.entrySet().iterator());
    }

    @Override
    public long approximateNumEntries() {
      return entries.size();
    }

    private final class Reading<T> implements KeyValueIterator<String, T> {
      private final Iterator<Map.Entry<String, T>> entries;

      Reading(Iterator<Map.Entry<String, T>> entries) {
        this.entries = entries;
      }

      @Override
      public boolean hasNext() {
        return entries.hasNext();
      }

      @Override
      public KeyValue<String, T> next() {
        reads++;
        var entry = entries.next();
        return KeyValue.pair(entry.getKey(), entry.getValue());
      }

      @Override
      public String peekNextKey() {
        throw new UnsupportedOperationException();
      }

      @Override
      public void close() {
        // Nothing is held.
      }
    }
  }
}
