package dev.sluice.product.stage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.avro.internal.StoredProduct;
import dev.sluice.event.Events;
import dev.sluice.event.codec.EventReader;
import dev.sluice.keys.StoreKeys;
import dev.sluice.product.Decision.Applied;
import dev.sluice.product.DecisionRules;
import dev.sluice.product.ExpirySchedule;
import dev.sluice.product.MemberCounts;
import dev.sluice.product.Product;
import dev.sluice.product.ProductDecider;
import dev.sluice.product.ProductState;
import dev.sluice.serde.SingleObjectSerde;
import dev.sluice.sim.Contract;
import dev.sluice.streams.IdleCommits;
import dev.sluice.streams.SetAsideRecords;
import dev.sluice.streams.StoreKind;
import dev.sluice.streams.SweepScheduling;
import dev.sluice.testing.StageDriver;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How a task counts the products that it found at its start. */
class ProductCounterTest {
  private static final int PORTION = 7;

  private final TreeMap<String, Product> products = new TreeMap<>(StoreKeys.ORDER);
  private int reads;

  private final class Store implements ReadOnlyKeyValueStore<String, StoredProduct> {
    @Override
    public StoredProduct get(String key) {
      throw new AssertionError("a product is read alone");
    }

    @Override
    public KeyValueIterator<String, StoredProduct> all() {
      return shown(products);
    }

    @Override
    public KeyValueIterator<String, StoredProduct> range(String from, String to) {
      return shown(products.subMap(from, true, to, true));
    }

    @Override
    public long approximateNumEntries() {
      return products.size();
    }

    private KeyValueIterator<String, StoredProduct> shown(Map<String, Product> some) {
      var entries = new ArrayList<>(some.entrySet());
      return new KeyValueIterator<>() {
        private int next;

        @Override
        public boolean hasNext() {
          return next < entries.size();
        }

        @Override
        public KeyValue<String, StoredProduct> next() {
          reads++;
          var entry = entries.get(next++);
          return KeyValue.pair(entry.getKey(), ProductAvro.stored(entry.getValue()));
        }

        @Override
        public String peekNextKey() {
          return entries.get(next).getKey();
        }

        @Override
        public void close() {}
      };
    }
  }

  private static Product product(String id, Random random) {
    var decision =
        new ProductDecider(user -> 0)
            .decide(
                id,
                null,
                new StoredRequests(id, new EmptyStore<>(), new EmptyStore<>()),
                Events.published(id, "s1"),
                Events.NOON.toEpochMilli());
    return changed(((Applied) decision).product(), random);
  }

  private static Product changed(Product of, Random random) {
    var states = ProductState.values();
    return new Product(
        of.productId(),
        new Product.Definition(
            states[random.nextInt(states.length)],
            of.revision(),
            of.details(),
            of.sources(),
            of.policy(),
            of.agreements(),
            of.history()),
        of.seenEvents(),
        of.requests(),
        new MemberCounts(List.of((long) random.nextInt(5))));
  }

  private static final class EmptyStore<V> implements ReadOnlyKeyValueStore<String, V> {
    @Override
    @SuppressWarnings("NullAway") // as the interface has it
    public V get(String key) {
      return null;
    }

    @Override
    public KeyValueIterator<String, V> range(String from, String to) {
      throw new AssertionError("read");
    }

    @Override
    public KeyValueIterator<String, V> all() {
      throw new AssertionError("read");
    }

    @Override
    public long approximateNumEntries() {
      return 0;
    }
  }

  private void check(TaskStatistics statistics) {
    for (var state : ProductState.values()) {
      assertThat(statistics.products(state))
          .isEqualTo(products.values().stream().filter(p -> p.state() == state).count());
    }
    assertThat(statistics.members())
        .isEqualTo(
            products.values().stream()
                .filter(p -> p.state() != ProductState.DELETED)
                .mapToLong(p -> p.members().in(0))
                .sum());
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void shouldCountWhatIsThereThoughItChangesMeanwhile(long seed) {
    var random = new Random(seed);
    // Not all in the order of their characters: the order is that of the stores' bytes.
    for (int i = 0; i < 100; i++) {
      var id = (i % 3 == 0 ? "\ud83d\ude00" : i % 3 == 1 ? "\uffee" : "p") + random.nextInt(1_000);
      products.put(id, product(id, random));
    }
    var statistics = new TaskStatistics();
    var counter =
        new ProductCounter(
            new Store(),
            (id, stored) -> ProductAvro.product(id, stored, null),
            statistics,
            PORTION);

    while (statistics.isCounting()) {
      var before = reads;
      counter.count();
      assertThat(reads - before).isLessThanOrEqualTo(PORTION);
      for (int i = 0; i < 5; i++) {
        var id =
            random.nextBoolean()
                ? "p" + random.nextInt(1_000)
                : List.copyOf(products.keySet()).get(random.nextInt(products.size()));
        var known = products.get(id);
        var now = known == null ? product(id, random) : changed(known, random);
        products.put(id, now);
        counter.changed(known, now);
      }
    }

    check(statistics);
    var id = products.firstKey();
    var known = Objects.requireNonNull(products.get(id));
    products.put(id, changed(known, random));
    counter.changed(known, products.get(id));
    check(statistics);
    var before = reads;
    counter.count();
    assertThat(reads).isEqualTo(before);
  }

  @Test
  void shouldReadNoProductWhenATaskStartsAndNoMoreThanAPortionAtATime() {
    var raw = new TreeMap<Bytes, byte[]>();
    var serde = new SingleObjectSerde<>(StoredProduct.class).serializer();
    var random = new Random(1);
    int count = ProductCounter.PORTION_MAX + 10;
    IntStream.range(0, count)
        .mapToObj("p%05d"::formatted)
        .forEach(
            id -> {
              var stored = ProductAvro.stored(product(id, random));
              raw.put(Bytes.wrap(id.getBytes(UTF_8)), serde.serialize("", stored));
            });
    var opened = new ArrayList<TaskStatistics>();
    try (var driver = StageDriver.start("start", topology(raw, opened), Events.NOON)) {
      assertThat(reads).isZero();
      assertThat(opened).hasSize(1);
      var statistics = opened.getFirst();
      assertThat(statistics.isCounting()).isTrue();

      driver.advanceWallClockTime(Duration.ofMillis(100));
      assertThat(reads).isEqualTo(ProductCounter.PORTION_MAX);
      assertThat(statistics.isCounting()).isTrue();

      driver.advanceWallClockTime(Duration.ofMillis(100));
      assertThat(reads).isEqualTo(count);
      assertThat(statistics.isCounting()).isFalse();
      long counted = 0;
      for (var state : ProductState.values()) {
        counted += statistics.products(state);
      }
      assertThat(counted).isEqualTo(count);

      driver.advanceWallClockTime(Duration.ofMillis(100));
      assertThat(reads).isEqualTo(count);
    }
  }

  @Test
  void shouldRefuseStateThatHasLostItsCounters() {
    var marked = new TreeMap<Bytes, byte[]>();
    marked.put(Bytes.wrap(StoreKeys.COUNTERS_APART.getBytes(UTF_8)), new byte[0]);
    assertThatThrownBy(
            () ->
                StageDriver.start(
                    "lost", topology(ProductStores.DUE, marked, new ArrayList<>()), Events.NOON))
        .hasStackTraceContaining("the counters of this task's products are lost");
  }

  private Topology topology(TreeMap<Bytes, byte[]> found, List<TaskStatistics> opened) {
    return topology(ProductStores.PRODUCTS, found, opened);
  }

  /** With one store that has entries when the task starts. */
  private Topology topology(
      String filled, TreeMap<Bytes, byte[]> found, List<TaskStatistics> opened) {
    var stage =
        new ProductStage(
            () -> new EventReader(Contract.deserializer(), "events"),
            user -> 0,
            DecisionRules.DEFAULT,
            ExpirySchedule.DEFAULT,
            new EventObserver() {
              @Override
              public void decided(String type, String outcome) {}

              @Override
              public void opened(int partition, TaskStatistics statistics) {
                opened.add(statistics);
              }
            },
            (tries, trouble) -> false,
            SweepScheduling.byMember().scheduler(),
            new ProductStage.Outputs("out", "out", "out", "out"),
            name ->
                name.equals(filled)
                    ? new Found(StoreKind.MEMORY.apply(name), found)
                    : StoreKind.MEMORY.apply(name),
            SetAsideRecords.NONE,
            IdleCommits.NONE);
    var bytes = new ByteArraySerializer();
    return new Topology()
        .addSource("source", new ByteArrayDeserializer(), new ByteArrayDeserializer(), "events")
        .addProcessor("stage", stage, "source")
        .addSink("out", "out", bytes, bytes, "stage");
  }

  /** Makes a store that has entries when its task starts, and counts the entries that are read. */
  private final class Found implements KeyValueBytesStoreSupplier {
    private final KeyValueBytesStoreSupplier supplier;
    private final Map<Bytes, byte[]> entries;

    Found(KeyValueBytesStoreSupplier supplier, Map<Bytes, byte[]> entries) {
      this.supplier = supplier;
      this.entries = entries;
    }

    @Override
    public String name() {
      return supplier.name();
    }

    @Override
    public String metricsScope() {
      return supplier.metricsScope();
    }

    @Override
    @SuppressWarnings("unchecked")
    public KeyValueStore<Bytes, byte[]> get() {
      var store = supplier.get();
      return (KeyValueStore<Bytes, byte[]>)
          Proxy.newProxyInstance(
              getClass().getClassLoader(),
              new Class<?>[] {KeyValueStore.class},
              (proxy, method, arguments) -> {
                try {
                  var answer = method.invoke(store, arguments);
                  if (method.getName().equals("init")) {
                    entries.forEach(store::put);
                  }
                  if (method.getName().equals("get")) {
                    reads++;
                  }
                  return answer instanceof KeyValueIterator<?, ?> shown
                      ? counted((KeyValueIterator<Bytes, byte[]>) shown)
                      : answer;
                } catch (InvocationTargetException e) {
                  throw e.getCause();
                }
              });
    }

    private KeyValueIterator<Bytes, byte[]> counted(KeyValueIterator<Bytes, byte[]> shown) {
      Iterator<KeyValue<Bytes, byte[]>> iterator = shown;
      return new KeyValueIterator<>() {
        @Override
        public boolean hasNext() {
          return iterator.hasNext();
        }

        @Override
        public KeyValue<Bytes, byte[]> next() {
          reads++;
          return iterator.next();
        }

        @Override
        public Bytes peekNextKey() {
          return shown.peekNextKey();
        }

        @Override
        public void close() {
          shown.close();
        }
      };
    }
  }
}
