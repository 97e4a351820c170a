package dev.sluice.product.stage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.keys.StoreKeys;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ApprovedUsersTest {
  private static final int PORTION = 100;
  private static final int USERS_MAX = 100_000;
  private static final byte[] PRESENT = {};

  private final TreeMap<String, byte[]> entries = new TreeMap<>(StoreKeys.ORDER);
  private final Set<String> with = new HashSet<>();
  private int scans;

  private final class Store implements ReadOnlyKeyValueStore<String, byte[]> {
    @Override
    public byte[] get(String key) {
      throw new AssertionError("an entry is read alone");
    }

    @Override
    public KeyValueIterator<String, byte[]> range(String from, String to) {
      return iterator(entries.subMap(from, true, to, true));
    }

    @Override
    public KeyValueIterator<String, byte[]> all() {
      return iterator(entries);
    }

    @Override
    public long approximateNumEntries() {
      return entries.size();
    }

    private KeyValueIterator<String, byte[]> iterator(NavigableMap<String, byte[]> part) {
      scans++;
      Iterator<Map.Entry<String, byte[]>> all = part.entrySet().iterator();
      return new KeyValueIterator<>() {
        @Override
        public boolean hasNext() {
          return all.hasNext();
        }

        @Override
        public KeyValue<String, byte[]> next() {
          var entry = all.next();
          return KeyValue.pair(entry.getKey(), entry.getValue());
        }

        @Override
        public String peekNextKey() {
          throw new AssertionError("not needed");
        }

        @Override
        public void close() {
          // nothing is open
        }
      };
    }
  }

  private void store(String productId, String userId, String requestId) {
    entries.put(StoreKeys.approved(productId, userId, requestId), PRESENT);
    with.add(StoreKeys.approved(productId, userId));
  }

  private void removeFirst() {
    var key = entries.pollFirstEntry().getKey();
    var prefix = key.substring(0, StoreKeys.approvedEnd(key));
    if (entries.isEmpty() || !entries.firstKey().startsWith(prefix)) {
      with.remove(prefix);
    }
  }

  private ApprovedUsers users(long usersMax) {
    return new ApprovedUsers(new Store(), usersMax, PORTION);
  }

  private static void readAll(ApprovedUsers users, int entries) {
    users.begin();
    for (int i = 0; i <= entries / PORTION; i++) {
      users.read();
    }
  }

  private static double share(ApprovedUsers users, int of) {
    int found = 0;
    for (int i = 0; i < of; i++) {
      found += users.mayContain(StoreKeys.approved("p", "without" + i)) ? 1 : 0;
    }
    return (double) found / of;
  }

  @Test
  void shouldContainEveryUserUntilAllEntriesAreRead() {
    for (int i = 0; i < 10 * PORTION; i++) {
      store("p", "user" + i, "r");
    }
    var users = users(USERS_MAX);

    assertThat(share(users, 100)).isEqualTo(1);
    users.begin();
    users.begin();
    assertThat(scans).isEqualTo(1);
    for (int i = 0; i < 9; i++) {
      assertThat(share(users, 100)).isEqualTo(1);
      users.read();
    }
    users.read();
    assertThat(share(users, 1_000)).isLessThan(0.05);
    assertThat(with).allMatch(users::mayContain);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void shouldContainEveryStoredUserAtEveryMoment(long seed) {
    var random = new Random(seed);
    for (int i = 0; i < 3_000; i++) {
      store("p" + random.nextInt(3), "früher" + random.nextInt(2_000), "r" + i);
    }
    var users = users(USERS_MAX);
    for (int i = 0; i < 20_000; i++) {
      switch (random.nextInt(10)) {
        case 0 -> users.begin();
        case 1, 2 -> users.read();
        case 3 -> removeFirst();
        default -> {
          var product = "p" + random.nextInt(3);
          var user = "u" + random.nextInt(30_000);
          store(product, user, "r" + i);
          users.add(StoreKeys.approved(product, user, "r" + i));
        }
      }
      if (i % 500 == 0) {
        assertThat(with).allMatch(users::mayContain);
      }
    }
    readAll(users, entries.size());
    assertThat(with).allMatch(users::mayContain);
    assertThat(share(users, 5_000)).isLessThan(0.05);
  }

  @Test
  void shouldIgnoreExpiredRequests() {
    for (int i = 0; i < 1_000; i++) {
      entries.put(StoreKeys.expired("p", "without" + i, 17, "r"), PRESENT);
    }
    var users = users(USERS_MAX);
    readAll(users, entries.size());
    users.add(StoreKeys.expired("p", "without", 17, "r"));

    assertThat(share(users, 1_000)).isLessThan(0.05);
  }

  @Test
  void shouldGiveUpBeyondItsMemory() {
    for (int i = 0; i < 9_000; i++) {
      store("p", "user" + i, "r");
    }
    var full = users(8_999);
    readAll(full, entries.size());
    assertThat(share(full, 100)).isEqualTo(1);

    var filled = users(9_000);
    readAll(filled, entries.size());
    assertThat(share(filled, 1_000)).isLessThan(0.05);
    for (int i = 0; i < 500; i++) {
      filled.add(StoreKeys.approved("p", "another" + i, "r"));
    }
    assertThat(share(filled, 100)).isEqualTo(1);
    scans = 0;
    filled.read();
    assertThat(scans).isZero();
  }
}
