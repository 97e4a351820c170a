package dev.sluice.product;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.avro.internal.StoredRequest;
import dev.sluice.event.Events;
import dev.sluice.event.ProductEvent;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
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
    for (var change : applied.requests()) {
      var request = change.request();
      var before = stored.find(request.requestId());
      var keyBefore = StoredRequests.approvedKey("p1", before);
      if (keyBefore != null) {
        approved.entries.remove(keyBefore);
      }
      var key = StoredRequests.approvedKey("p1", request);
      if (key != null) {
        approved.entries.put(key, new byte[0]);
      }
      requests.entries.put("p1|" + request.requestId(), ProductAvro.stored(request));
    }
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

  @Test
  void requestsThatAreListedShareTheirPolicies() {
    for (var id : List.of("r1", "r2", "r3", "r4")) {
      // Each is decoded from its own bytes, so that nothing is one object before.
      var policy = Events.policy(id.equals("r3") ? "other" : "one");
      var request =
          AccessRequest.pending(id, "eve", policy, 0)
              .expiring(id.equals("r4") ? 1L : null)
              .in(id.equals("r4") ? RequestState.EXPIRED : RequestState.APPROVED);
      approved.entries.put(StoredRequests.approvedKey("p1", request), new byte[0]);
      requests.entries.put("p1|" + id, ProductAvro.stored(request));
    }
    var stored = new StoredRequests("p1", requests, approved);

    var listed = new ArrayList<>(stored.approvedOf("eve"));
    listed.addAll(stored.expiredOf("eve", 0));

    assertThat(listed).extracting(AccessRequest::requestId).containsExactly("r1", "r2", "r3", "r4");
    assertThat(listed.get(1).policy()).isSameAs(listed.get(0).policy());
    assertThat(listed.get(2).policy()).isEqualTo(Events.policy("other"));
    assertThat(listed.get(3).policy()).isSameAs(listed.get(0).policy());
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
      return new Reading<>(entries.subMap(from, true, to, true).entrySet().iterator());
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
