package dev.sluice.access.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.access.Revision;
import dev.sluice.keys.StoreKeys;
import dev.sluice.update.AccessUpdate.ProductSnapshot;
import dev.sluice.update.AccessUpdate.Trigger;
import dev.sluice.update.SourceRef;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.streams.state.KeyValueStore;
import org.junit.jupiter.api.Test;

/** What an older version left, which took an id for one source whatever its type. */
class GivenSourcesTest {
  private static final SourceRef SNOWFLAKE = new SourceRef("orders", "Snowflake");
  private static final SourceRef DATABRICKS = new SourceRef("orders", "Databricks");
  private static final byte[] NOW = {};

  private final Map<String, KeyValueStore<String, ?>> stores = new HashMap<>();
  private final TaskStores task =
      new TaskStores() {
        @Override
        @SuppressWarnings("unchecked")
        public <V> KeyValueStore<String, V> get(String name) {
          return (KeyValueStore<String, V>)
              stores.computeIfAbsent(name, n -> new OverlayStore<V>(n, new EmptyStore<>()));
        }
      };
  private final KeyValueStore<String, byte[]> given = task.get(AccessStores.GIVEN);
  private final KeyValueStore<String, Long> marker = task.get(AccessStores.REVISION);
  private final Memberships memberships = new Memberships(task);

  /** As an older version left it, which gives it now. */
  private void left(String productId, boolean active, SourceRef... sources) {
    task.get(AccessStores.PRODUCTS).put(productId, AccessAvro.toAvro(revision(2, active, sources)));
    if (active) {
      for (var source : sources) {
        given.put(source.sourceId() + '|' + productId, NOW);
      }
    }
  }

  private static Revision revision(long number, boolean active, SourceRef... sources) {
    return new Revision(
        new ProductSnapshot(number, active, new TreeSet<>(List.of(sources))),
        false,
        new Trigger("e" + number, number),
        number);
  }

  private GivenSources started() {
    var sources = new GivenSources(task);
    sources.check(memberships);
    return sources;
  }

  private Map<String, Boolean> entries() {
    var found = new TreeMap<String, Boolean>();
    try (var all = given.all()) {
      all.forEachRemaining(e -> found.put(e.key, e.value.length == 0));
    }
    return found;
  }

  @Test
  void shouldMakeEveryEntryNewInTurnsAndThenLookForNoneAnyMore() {
    left("p1", true, SNOWFLAKE, new SourceRef("returns", "Snowflake"));
    left("p2", true, DATABRICKS);
    left("p3", false, SNOWFLAKE);

    var sources = started();
    assertThat(entries().keySet()).containsExactly("orders|p1", "orders|p2", "returns|p1");
    sources.convertSome(1);
    assertThat(entries().keySet())
        .containsExactly("orders|Snowflake|p1", "orders|p2", "returns|Snowflake|p1");
    assertThat(marker.get(StoreKeys.GIVEN_FORM)).isEqualTo(1);
    sources.convertSome(100);

    assertThat(entries().keySet())
        .containsExactly("orders|Databricks|p2", "orders|Snowflake|p1", "returns|Snowflake|p1");
    assertThat(marker.get(StoreKeys.GIVEN_FORM)).isEqualTo(2);
    given.put("orders|p9", NOW); // Which cannot be: it shows that nobody looks.
    assertThat(new GivenSources(task).providers(SNOWFLAKE, "")).hasSize(1);
    assertThat(new GivenSources(task).provides("p9", SNOWFLAKE)).isFalse();
  }

  @Test
  void shouldGoOnWhereAnotherTaskStopped() {
    left("p1", true, SNOWFLAKE);
    left("p2", true, SNOWFLAKE);
    started().convertSome(1);

    var next = started();
    next.convertSome(100);

    assertThat(entries().keySet()).containsExactly("orders|Snowflake|p1", "orders|Snowflake|p2");
    assertThat(next.providers(SNOWFLAKE, "p1"))
        .containsExactly(new ProductRevisionStore.Provider("p2", true));
  }

  @Test
  void shouldAnswerFromOldEntriesAsFromNewOnes() {
    left("p1", true, SNOWFLAKE);
    left("p2", true, DATABRICKS);
    var sources = new GivenSources(task); // As one who asks from outside: nothing is checked.

    assertThat(sources.provides("p1", SNOWFLAKE)).isTrue();
    assertThat(sources.provides("p1", DATABRICKS)).isFalse();
    assertThat(sources.provides("p2", SNOWFLAKE)).isFalse();
    assertThat(sources.providers(DATABRICKS, ""))
        .containsExactly(new ProductRevisionStore.Provider("p2", true));
    assertThat(sources.ofId("orders")).containsExactly(DATABRICKS, SNOWFLAKE);
    assertThat(sources.ofId("order")).isEmpty();
  }

  @Test
  void shouldKnowWhatOnlyAnOlderRevisionGaveUnderAnotherType() {
    left("p1", true, DATABRICKS);
    task.get(AccessStores.REVISIONS)
        .put("p1|%019d".formatted(1), AccessAvro.toAvro(revision(1, true, SNOWFLAKE)));

    var sources = started();
    sources.prepare("p1");

    assertThat(entries())
        .isEqualTo(Map.of("orders|Databricks|p1", true, "orders|Snowflake|p1", false));
    assertThat(sources.providers(SNOWFLAKE, ""))
        .containsExactly(new ProductRevisionStore.Provider("p1", false));
  }

  @Test
  void shouldNotTakeATypeWithABarForAnother() {
    var odd = new SourceRef("orders", "A|B");
    left("p1", true, odd);
    left("p2", true, new SourceRef("orders", "A"));
    var sources = started();
    sources.convertSome(100);

    assertThat(sources.providers(new SourceRef("orders", "A"), ""))
        .containsExactly(new ProductRevisionStore.Provider("p2", true));
    assertThat(sources.providers(odd, ""))
        .containsExactly(new ProductRevisionStore.Provider("p1", true));
    assertThat(sources.ofId("orders")).hasSize(2);
  }

  @Test
  void shouldRefuseWhatAMemberOfTwoProductsWasGivenUnderTwoTypes() {
    left("p1", false, SNOWFLAKE);
    left("p2", true, DATABRICKS);
    memberships.add("ben", "p1");
    memberships.add("ana", "p1");
    memberships.add("ana", "p2");

    assertThatThrownBy(this::started)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContainingAll(
            "source \"orders\" is of type Databricks in product p2 and of type Snowflake in"
                + " product p1, and ana is a member of both",
            "Start the older version again, remove the source from one of the two products");
    assertThat(entries().keySet()).containsExactly("orders|p2");
    assertThat(marker.get(StoreKeys.GIVEN_FORM)).isNull();
  }

  @Test
  void shouldTakeTwoTypesInProductsThatShareNobody() {
    left("p1", true, SNOWFLAKE);
    left("p2", true, DATABRICKS);
    memberships.add("ana", "p1");
    memberships.add("ben", "p2");

    started().convertSome(100);

    assertThat(entries().keySet()).containsExactly("orders|Databricks|p2", "orders|Snowflake|p1");
  }

  @Test
  void shouldNotCheckAgainWhatCameSince() {
    left("p1", true, SNOWFLAKE);
    left("p2", true, new SourceRef("returns", "Snowflake"));
    memberships.add("ana", "p1");
    memberships.add("ana", "p2");
    started();
    left("p2", true, DATABRICKS);

    started().convertSome(100);

    assertThat(marker.get(StoreKeys.GIVEN_FORM)).isEqualTo(2);
  }

  @Test
  void shouldMarkATaskThatHadNothingWithItsFirstEntryAndNotBefore() {
    var sources = started();
    sources.convertSome(100);
    assertThat(marker.get(StoreKeys.GIVEN_FORM)).isNull();

    sources.put(SNOWFLAKE, "p1", true);
    assertThat(marker.get(StoreKeys.GIVEN_FORM)).isEqualTo(2);
    memberships.add("ana", "p1");
    memberships.add("ana", "p2");
    left("p1", true, SNOWFLAKE);
    left("p2", true, DATABRICKS);

    assertThat(started().provides("p1", SNOWFLAKE)).isTrue();
  }
}
