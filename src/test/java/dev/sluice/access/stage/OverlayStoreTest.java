package dev.sluice.access.stage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.keys.StoreKeys;
import java.util.ArrayList;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is written above a store, against a map that holds both. */
class OverlayStoreTest {
  private static final String[] PARTS = {"a", "b", "\u00e9", "\uFF5E", "\uD83D\uDE00", "|", "}"};

  static LongStream seeds() {
    return LongStream.range(0, 50);
  }

  private static String key(Random random) {
    var key = new StringBuilder();
    for (int i = 1 + random.nextInt(3); i > 0; i--) {
      key.append(PARTS[random.nextInt(PARTS.length)]);
    }
    return key.toString();
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void shouldReadAsIfAllWereInOneStore(long seed) {
    var random = new Random(seed);
    var below = new OverlayStore<Integer>("below", new OverlayStore<>("empty", new EmptyStore<>()));
    var expected = new TreeMap<String, Integer>(StoreKeys.ORDER);
    for (int i = 0; i < 30; i++) {
      var key = key(random);
      below.put(key, i);
      expected.put(key, i);
    }
    var before = entries(below.all());
    var overlay = new OverlayStore<>("above", below);
    for (int i = 100; i < 130; i++) {
      var key = key(random);
      if (random.nextBoolean()) {
        overlay.put(key, i);
        expected.put(key, i);
      } else {
        assertThat(overlay.delete(key)).isEqualTo(expected.remove(key));
      }
      assertThat(overlay.get(key)).isEqualTo(expected.get(key));
    }

    assertThat(entries(overlay.all())).isEqualTo(entriesOf(expected));
    for (int i = 0; i < 20; i++) {
      var one = key(random);
      var two = key(random);
      var from = StoreKeys.ORDER.compare(one, two) < 0 ? one : two;
      var to = from.equals(one) ? two : one;
      assertThat(entries(overlay.range(from, to)))
          .isEqualTo(entriesOf(expected.subMap(from, true, to, true)));
      var prefixed = new TreeMap<>(expected);
      prefixed.keySet().removeIf(key -> !key.startsWith(one));
      assertThat(entries(overlay.prefixScan(one, new StringSerializer())))
          .isEqualTo(entriesOf(prefixed));
    }
    assertThat(entries(below.all())).isEqualTo(before);
  }

  private static ArrayList<String> entriesOf(java.util.Map<String, Integer> map) {
    var all = new ArrayList<String>();
    map.forEach((key, value) -> all.add(key + "=" + value));
    return all;
  }

  private static ArrayList<String> entries(KeyValueIterator<String, Integer> entries) {
    var all = new ArrayList<String>();
    try (entries) {
      while (entries.hasNext()) {
        var peeked = entries.peekNextKey();
        var entry = entries.next();
        assertThat(entry.key).isEqualTo(peeked);
        all.add(entry.key + "=" + entry.value);
      }
    }
    return all;
  }
}
