package dev.sluice.product.stage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.event.Agreement;
import dev.sluice.product.MemberCounts;
import dev.sluice.product.Product;
import dev.sluice.product.ProductHistory;
import dev.sluice.product.ProductState;
import dev.sluice.product.RequestCounts;
import dev.sluice.product.RequestState;
import dev.sluice.product.SeenEvents;
import dev.sluice.update.AccessUpdate.Trigger;
import dev.sluice.update.SourceRef;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Counters are stored at each commit; a large product's status is published less often. */
class UncommittedProductsTest {
  private static final long NOW = 1_000_000;

  private final List<String> stored = new ArrayList<>();
  private final List<String> published = new ArrayList<>();
  private final UncommittedProducts uncommitted =
      new UncommittedProducts(
          (product, waiting) ->
              stored.add(
                  text(product) + (waiting == null ? "" : " waits for " + waiting.eventId())));

  @Test
  void shouldPublishOneStatusForTheRequestsOfACommit() {
    request("small", 10, 1);
    request("small", 10, 2);
    uncommitted.write(NOW);

    assertThat(stored).containsExactly("small 2");
    assertThat(published).containsExactly("small 2");

    uncommitted.write(NOW + 1);
    assertThat(published).hasSize(1);
  }

  @Test
  void shouldPublishTheStatusOfALargeProductAtMostOnceASecond() {
    request("large", 9_000, 1);
    uncommitted.write(NOW);
    request("large", 9_000, 2);
    uncommitted.write(NOW + 100);
    request("large", 9_000, 3);
    uncommitted.write(NOW + 200);

    assertThat(stored).containsExactly("large 1", "large 2 waits for e2", "large 3 waits for e3");
    assertThat(published).containsExactly("large 1");

    uncommitted.wake(NOW + 800);
    uncommitted.write(NOW + 800);
    assertThat(published).hasSize(1);

    uncommitted.wake(NOW + 900);
    uncommitted.write(NOW + 900);
    assertThat(stored.getLast()).isEqualTo("large 3");
    assertThat(published).containsExactly("large 1", "large 3");

    uncommitted.wake(NOW + 9_000);
    uncommitted.write(NOW + 9_000);
    assertThat(published).hasSize(2);
  }

  @Test
  void shouldKeepAWaitingStatusWhenTheSequenceAloneChanges() {
    request("large", 9_000, 1);
    uncommitted.write(NOW);
    request("large", 9_000, 2);
    uncommitted.write(NOW + 100);
    uncommitted.put(product("large", 9_000, 2), NOW + 200);
    uncommitted.write(NOW + 200);

    assertThat(stored.getLast()).isEqualTo("large 2 waits for e2");
    assertThat(uncommitted.isWaiting("large")).isTrue();
  }

  @Test
  void shouldDropAWaitingStatusWhenANewerOneIsPublishedAtOnce() {
    request("large", 9_000, 1);
    uncommitted.write(NOW);
    request("large", 9_000, 2);
    uncommitted.write(NOW + 100);
    uncommitted.published(product("large", 9_000, 2), NOW + 200);
    uncommitted.write(NOW + 200);
    uncommitted.wake(NOW + 5_000);
    uncommitted.write(NOW + 5_000);

    assertThat(stored.getLast()).isEqualTo("large 2");
    assertThat(published).containsExactly("large 1");
  }

  private void request(String id, int sources, long count) {
    var product = product(id, sources, count);
    uncommitted.put(product, NOW);
    uncommitted.status(
        product,
        new UncommittedProducts.Status(
            new Trigger("e" + count, NOW), () -> published.add(text(product))));
  }

  private static String text(Product product) {
    return product.productId() + " " + product.requests().total();
  }

  private static Product product(String id, int sources, long count) {
    var given = new TreeSet<SourceRef>();
    IntStream.range(0, sources).forEach(i -> given.add(new SourceRef("s" + i, "Snowflake")));
    return new Product(
        id,
        new Product.Definition(
            ProductState.ACTIVE,
            1,
            new Product.Details("name", null, List.of(), null),
            given,
            null,
            List.<Agreement>of(),
            ProductHistory.UNKNOWN),
        new SeenEvents(null, 0, "e0", List.of()),
        RequestCounts.of(Map.of(RequestState.PENDING, count)),
        MemberCounts.NONE);
  }
}
