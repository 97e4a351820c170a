package dev.sluice.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sluice.event.Events;
import dev.sluice.query.model.ApiModel;
import dev.sluice.query.model.Cursor;
import dev.sluice.query.model.PartialList;
import dev.sluice.query.model.PartialList.Taking;
import dev.sluice.sim.Cluster;
import dev.sluice.streams.StoreKind;
import dev.sluice.streams.SweepScheduling;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Answers about much: the first of it, and how much there is. */
class BoundedAnswersTest {
  private static final int MANY_PRODUCTS = 1_100;
  private static final Instant START = Instant.parse("2026-01-05T09:00:00Z");
  private static final int REQUESTS = 60;
  private static final int PRODUCTS = 130;

  /** Requests of some 800 characters each, more than one question reads. */
  private static final int LARGE_REQUESTS = 4_000;

  private static Cluster cluster() {
    return new Cluster(2, StoreKind.MEMORY, SweepScheduling.byMember(), START);
  }

  private static void settle(Cluster cluster) {
    while (cluster.sweeps() > 0) {
      for (int p = 0; p < cluster.partitions(); p++) {
        cluster.tick(p);
      }
    }
  }

  @Test
  void shouldListTheFirstRequestsAndCountAll() {
    try (var cluster = cluster()) {
      cluster.publish(Events.published("p1", "s1", "s2"));
      for (int i = 0; i < REQUESTS; i++) {
        cluster.publish(Events.approved("p1", "r" + (100 + i), "eve"));
      }
      settle(cluster);
      var queryService = ClusterShards.questions(cluster);

      for (var access : queryService.access("eve", "", 10).items()) {
        assertThat(access.givenByCount()).isEqualTo(1);
        var by = access.givenBy().getFirst();
        assertThat(by.requests()).hasSize(10);
        assertThat(by.requests().getFirst().requestId()).isEqualTo("r100");
        assertThat(by.requestCount()).isEqualTo(REQUESTS);
      }
      var why = queryService.explain("eve", "s1", "");
      assertThat(why.access()).isTrue();
      assertThat(why.products().getFirst().requests()).hasSize(20);
      assertThat(why.products().getFirst().requestCount()).isEqualTo(REQUESTS);
      assertThat(why.says()).contains("and 40 more requests").hasSizeLessThan(2_000);
    }
  }

  @Test
  void shouldListTheFirstProductsAndCountAll() {
    try (var cluster = cluster()) {
      for (int i = 0; i < PRODUCTS; i++) {
        cluster.publish(Events.published("p" + (100 + i), "s1"));
      }
      for (int i = 0; i < PRODUCTS; i += 5) {
        cluster.publish(Events.approved("p" + (100 + i), "r1", "eve"));
      }
      settle(cluster);
      var queryService = ClusterShards.questions(cluster);

      var access = queryService.access("eve", "", 10).items().getFirst();
      assertThat(access.givenBy()).hasSize(20);
      assertThat(access.givenByCount()).isEqualTo(26);
      var holder = queryService.holders("s1", "", "", 10).items().getFirst();
      assertThat(holder.productIds()).hasSize(20);
      assertThat(holder.productCount()).isEqualTo(26);
      var why = queryService.explain("eve", "s1", "");
      assertThat(why.products()).hasSize(100);
      assertThat(why.products().subList(0, 26)).allMatch(ApiModel.ReasonView::gives);
      assertThat(why.productCount()).isEqualTo(PRODUCTS);
      assertThat(why.says()).contains("and 16 more");
    }
  }

  /** More products than are worked on at once, and than are kept for an explanation. */
  @Test
  void shouldReadProductsOfAUserInPortions() {
    try (var cluster = cluster()) {
      for (int i = 0; i < MANY_PRODUCTS; i++) {
        var productId = "p" + (10_000 + i);
        cluster.publish(Events.published(productId, "s1"));
        cluster.publish(Events.approved(productId, "r1", "eve"));
      }
      cluster.publish(Events.approved("p" + (10_000 + MANY_PRODUCTS - 1), "r2", "zoe"));
      settle(cluster);
      var parts = new ClusterShards(cluster);
      var queryService = ClusterShards.questions(cluster);

      var access = queryService.access("eve", "", 10).items().getFirst();
      assertThat(access.givenByCount()).isEqualTo(MANY_PRODUCTS);
      assertThat(access.spreading()).isFalse();
      var found = new ArrayList<String>();
      for (int p = 0; p < parts.userPartitions(); p++) {
        var part = parts.users(p);
        var some = part.standingsAfter("eve", "", 400);
        for (var last = some; !last.items().isEmpty(); last = some) {
          assertThat(last.items()).hasSizeLessThanOrEqualTo(400);
          last.items().forEach(s -> found.add(s.productId()));
          some = part.standingsAfter("eve", last.items().getLast().productId(), 400);
        }
        assertThatIllegalArgumentException()
            .isThrownBy(() -> part.standings("eve", Collections.nCopies(201, "p10000")));
      }
      assertThat(found).hasSize(MANY_PRODUCTS).isSorted().doesNotHaveDuplicates();

      var explainedProducts = parts.products(0).candidates("zoe", "s1", "");
      assertThat(explainedProducts.first()).hasSizeLessThan(400);
      assertThat(explainedProducts.count()).isEqualTo(MANY_PRODUCTS);
      var why = queryService.explain("zoe", "s1", "");
      assertThat(why.access()).isTrue();
      assertThat(why.spreading()).isFalse();
      assertThat(why.productCount()).isEqualTo(MANY_PRODUCTS);
      assertThat(why.products().getFirst().gives()).isTrue();
    }
  }

  @Test
  void shouldEndAPageEarlyIfItemsAreLarge() {
    try (var cluster = cluster()) {
      for (int i = 0; i < PRODUCTS; i++) {
        cluster.publish(
            Events.published("p" + (100 + i), "n".repeat(100_000), Events.sources("s1")));
      }
      var queryService = ClusterShards.questions(cluster);
      var all = new ArrayList<String>();
      var page = queryService.products("", 50);
      assertThat(page.items().getFirst().name()).hasSize(301);
      while (true) {
        page.items().forEach(line -> all.add(line.productId()));
        if (page.next() == null) {
          break;
        }
        page = queryService.products(Cursor.id(page.next()), 50);
      }
      assertThat(all).hasSize(PRODUCTS).doesNotHaveDuplicates().isSorted();
    }
  }

  private static String[] sourceIds(int first, int count) {
    return IntStream.range(first, first + count)
        .mapToObj(i -> "s%06d-%s".formatted(i, "x".repeat(150)))
        .toArray(String[]::new);
  }

  /**
   * Every product has half of the next one's sources; each part says as much as it has room for.
   */
  @Test
  void shouldPageThroughTheSourcesOfManyLargeProducts() {
    try (var cluster = cluster()) {
      var ids = new ArrayList<String>();
      for (int i = 0; i < 12; i++) {
        var productId = "p" + (100 + i);
        ids.add(productId);
        cluster.publish(Events.published(productId, sourceIds(i * 1_000, 2_000)));
        cluster.publish(Events.approved(productId, "r1", "eve"));
      }
      cluster.publish(Events.suspended("p111"));
      settle(cluster);

      var some = new ClusterShards(cluster).products(0).givings("eve", ids, "", 2_000);
      assertThat(some.looked()).isBetween(2, 6);
      assertThat(some.items()).hasSize(some.looked());
      assertThat(some.items()).allMatch(userProduct -> userProduct.sources().size() == 2_000);

      var queryService = ClusterShards.questions(cluster);
      var found = new ArrayList<ApiModel.AccessView>();
      var page = queryService.access("eve", "", 700);
      while (true) {
        assertThat(page.items()).isNotEmpty().hasSizeLessThanOrEqualTo(700);
        found.addAll(page.items());
        if (page.next() == null) {
          break;
        }
        page = queryService.access("eve", Cursor.id(page.next()), 700);
      }
      assertThat(found.stream().map(ApiModel.AccessView::sourceId))
          .containsExactly(sourceIds(0, 12_000));
      for (int i = 0; i < found.size(); i++) {
        assertThat(found.get(i).givenByCount()).isEqualTo(i < 1_000 || i >= 11_000 ? 1 : 2);
      }
    }
  }

  @Test
  void shouldShowASuspendedProductWithoutSources() {
    try (var cluster = cluster()) {
      cluster.publish(Events.published("p1", "s1"));
      cluster.publish(Events.approved("p1", "r1", "eve"));
      cluster.publish(Events.suspended("p1"));

      var some = new ClusterShards(cluster).products(0).givings("eve", List.of("p1", "p2"), "", 9);

      assertThat(some.looked()).isEqualTo(2);
      assertThat(some.items()).hasSize(1);
      assertThat(some.items().getFirst().sources()).isEmpty();
    }
  }

  @Test
  void shouldReadARepeatedProductOnce() {
    try (var cluster = cluster()) {
      cluster.publish(Events.published("p1", "s1"));
      cluster.publish(Events.approved("p1", "r1", "eve"));
      var part = new ClusterShards(cluster).products(0);

      assertThat(part.givings("eve", Collections.nCopies(200, "p1"), "", 9).items()).hasSize(1);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> part.givings("eve", Collections.nCopies(201, "p1"), "", 9))
          .withMessage("the query covers 201 products; the maximum is 200");
    }
  }

  @Test
  void shouldRefuseAPreviewThatReadsTooManyLargeRequests() {
    try (var cluster = cluster()) {
      cluster.publish(Events.published("p1", "s1"));
      for (int i = 0; i < LARGE_REQUESTS; i++) {
        cluster.publish(Events.approved("p1", "r" + (10_000 + i) + "x".repeat(200), "eve"));
      }
      var part = new ClusterShards(cluster).products(0);
      var some = part.approvedOf("p1", "eve");
      assertThat(some.more()).isTrue();
      assertThat(some.items()).hasSizeBetween(100, LARGE_REQUESTS - 1);
      var queryService = ClusterShards.questions(cluster);
      var now = START.toEpochMilli();

      assertThatExceptionOfType(QueryTooLargeException.class)
          .isThrownBy(() -> queryService.preview(Events.allRevoked("p1", "eve"), now))
          .withMessageContaining("name one by its requestId");
      assertThat(
              queryService
                  .preview(Events.revoked("p1", some.items().getFirst().requestId(), "eve"), now)
                  .outcome())
          .isEqualTo(ApiModel.Outcome.APPLIED);
    }
  }

  @Test
  void shouldFillAPageButAlwaysTakeOneItem() {
    var taking = new Taking<String>(10, 5);
    assertThat(List.of("four", "five", "six").stream().takeWhile(taking::take)).hasSize(2);
    assertThat(taking.slice()).isEqualTo(new PartialList<>(List.of("four", "five"), true));
    var large = new Taking<String>(10, 0);
    assertThat(large.take("large")).isTrue();
    assertThat(large.take("next")).isFalse();
    assertThat(large.slice()).isEqualTo(new PartialList<>(List.of("large"), true));
    var all = new Taking<String>(Integer.MAX_VALUE, Integer.MAX_VALUE);
    assertThat(all.take("one")).isTrue();
    assertThat(all.slice().more()).isFalse();
  }
}
