package dev.sluice.product.stage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.product.Due;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.Test;

class DueIndexTest {
  private static final long NOW = 1_000_000;

  private final TaskStatistics statistics = new TaskStatistics();
  private final KeyValueStore<String, byte[]> store =
      Stores.keyValueStoreBuilder(
              Stores.inMemoryKeyValueStore("due"), Serdes.String(), Serdes.ByteArray())
          .withLoggingDisabled()
          .build();

  private DueIndex index() {
    return new DueIndex(store, statistics);
  }

  DueIndexTest() {
    store.init(new MockProcessorContext<Void, Void>().getStateStoreContext(), store);
  }

  private static String key(long atMs) {
    return new Due(atMs, Due.Kind.EXPIRY).key("p1", "r" + atMs);
  }

  private static List<DueEntry> take(DueIndex due, long nowMs, int max) {
    var taken = new ArrayList<DueEntry>();
    due.take(nowMs, max, taken::add);
    return taken;
  }

  @Test
  void shouldTellAheadWhatFallsDueNext() {
    var due = index();
    due.add(key(NOW + 5_000));
    due.add(key(NOW + 3_000));
    due.add(key(NOW + 9_000));

    assertThat(statistics.nextDueMs()).isEqualTo(NOW + 3_000);

    assertThat(take(due, NOW + 3_000, 10)).hasSize(1);
    assertThat(statistics.nextDueMs()).isEqualTo(NOW + 5_000);
    take(due, NOW + 60_000, 10);
    assertThat(statistics.nextDueMs()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void shouldTellWhatIsLeftWhereNotAllThatIsDueWasTaken() {
    var due = index();
    IntStream.range(0, 5).forEach(i -> due.add(key(NOW + i)));

    assertThat(take(due, NOW + 100, 3)).hasSize(3);

    assertThat(statistics.nextDueMs()).isBetween(NOW + 2, NOW + 3);
  }

  @Test
  void shouldLeaveAndTellWhatComesAfterTheOneThatItStopsAt() {
    var due = index();
    IntStream.range(0, 5).forEach(i -> due.add(key(NOW + i)));

    var taken = new ArrayList<DueEntry>();
    due.take(
        NOW + 100,
        10,
        entry -> {
          taken.add(entry);
          return taken.size() < 2;
        });

    assertThat(taken).extracting(DueEntry::atMs).containsExactly(NOW, NOW + 1);
    assertThat(statistics.nextDueMs()).isEqualTo(NOW + 2);
    assertThat(take(due, NOW + 100, 10))
        .extracting(DueEntry::atMs)
        .containsExactly(NOW + 2, NOW + 3, NOW + 4);
  }

  @Test
  void shouldFindWhatIsAddedBelowWhileEntriesAreWorkedOff() {
    var due = index();
    IntStream.range(0, 5).forEach(i -> due.add(key(NOW + 10 * i)));

    due.take(
        NOW + 100,
        10,
        entry -> {
          if (entry.atMs() == NOW + 10) {
            due.add(key(NOW + 15));
          }
          return true;
        });

    assertThat(take(due, NOW + 100, 10)).extracting(DueEntry::atMs).containsExactly(NOW + 15);
  }

  @Test
  void shouldTellWhatWasThereBeforeAtTheFirstLook() {
    index().add(key(NOW + 2_000));
    statistics.nextDue(TaskStatistics.NEVER);

    take(index(), NOW, 10);

    assertThat(statistics.nextDueMs()).isEqualTo(NOW + 2_000);
  }

  @Test
  void shouldForgetWhatWasRemovedOnceItsTimeHasCome() {
    var due = index();
    due.add(key(NOW + 500));
    due.add(key(NOW + 9_000));
    due.remove(key(NOW + 500));

    assertThat(take(due, NOW + 500, 10)).isEmpty();

    assertThat(statistics.nextDueMs()).isEqualTo(NOW + 9_000);
  }
}
