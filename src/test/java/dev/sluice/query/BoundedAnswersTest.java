package dev.sluice.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.access.Slicing;
import dev.sluice.event.Events;
import dev.sluice.query.Slice.Taking;
import dev.sluice.sim.Cluster;
import dev.sluice.topology.StateStores;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Answers about much: the first of it, and how much there is. */
class BoundedAnswersTest {
  private static final Instant START = Instant.parse("2026-01-05T09:00:00Z");
  private static final int REQUESTS = 60;
  private static final int PRODUCTS = 130;

  private static Cluster cluster() {
    return new Cluster(2, StateStores.MEMORY, Slicing.byMember(), START);
  }

  private static void settle(Cluster cluster) {
    while (cluster.sweeps() > 0) {
      for (int p = 0; p < cluster.partitions(); p++) {
        cluster.tick(p);
      }
    }
  }

  @Test
  void shouldTellTheFirstRequestsOfManyAndHowManyThereAre() {
    try (var cluster = cluster()) {
      cluster.publish(Events.published("p1", "s1", "s2"));
      for (int i = 0; i < REQUESTS; i++) {
        cluster.publish(Events.approved("p1", "r" + (100 + i), "eve"));
      }
      settle(cluster);
      var questions = ClusterParts.questions(cluster);

      for (var access : questions.access("eve", "", 10).items()) {
        assertThat(access.givenByCount()).isEqualTo(1);
        var by = access.givenBy().getFirst();
        assertThat(by.requests()).hasSize(10);
        assertThat(by.requests().getFirst().requestId()).isEqualTo("r100");
        assertThat(by.requestCount()).isEqualTo(REQUESTS);
      }
      var why = questions.explain("eve", "s1", "");
      assertThat(why.access()).isTrue();
      assertThat(why.products().getFirst().requests()).hasSize(20);
      assertThat(why.products().getFirst().requestCount()).isEqualTo(REQUESTS);
      assertThat(why.says()).contains("and 40 more requests").hasSizeLessThan(2_000);
    }
  }

  @Test
  void shouldTellTheFirstProductsOfManyAndHowManyThereAre() {
    try (var cluster = cluster()) {
      for (int i = 0; i < PRODUCTS; i++) {
        cluster.publish(Events.published("p" + (100 + i), "s1"));
      }
      for (int i = 0; i < PRODUCTS; i += 5) {
        cluster.publish(Events.approved("p" + (100 + i), "r1", "eve"));
      }
      settle(cluster);
      var questions = ClusterParts.questions(cluster);

      var access = questions.access("eve", "", 10).items().getFirst();
      assertThat(access.givenBy()).hasSize(20);
      assertThat(access.givenByCount()).isEqualTo(26);
      var holder = questions.holders("s1", "", "", 10).items().getFirst();
      assertThat(holder.productIds()).hasSize(20);
      assertThat(holder.productCount()).isEqualTo(26);
      var why = questions.explain("eve", "s1", "");
      assertThat(why.products()).hasSize(100);
      assertThat(why.products().subList(0, 26)).allMatch(Answer.ReasonView::gives);
      assertThat(why.productCount()).isEqualTo(PRODUCTS);
      assertThat(why.says()).contains("and 16 more");
    }
  }

  @Test
  void shouldEndAPageWhereItsItemsAreLarge() {
    try (var cluster = cluster()) {
      for (int i = 0; i < PRODUCTS; i++) {
        cluster.publish(
            Events.published("p" + (100 + i), "n".repeat(100_000), Events.sources("s1")));
      }
      var questions = ClusterParts.questions(cluster);
      var all = new ArrayList<String>();
      var page = questions.products("", 50);
      assertThat(page.items().getFirst().name()).hasSize(301);
      while (true) {
        page.items().forEach(line -> all.add(line.productId()));
        if (page.next() == null) {
          break;
        }
        page = questions.products(Cursor.id(page.next()), 50);
      }
      assertThat(all).hasSize(PRODUCTS).doesNotHaveDuplicates().isSorted();
    }
  }

  @Test
  void shouldTakeWhatHasRoomAndOneItemWhateverItHas() {
    var taking = new Taking<String>(10, 5);
    assertThat(List.of("four", "five", "six").stream().takeWhile(taking::take)).hasSize(2);
    assertThat(taking.slice()).isEqualTo(new Slice<>(List.of("four", "five"), true));
    var large = new Taking<String>(10, 0);
    assertThat(large.take("large")).isTrue();
    assertThat(large.take("next")).isFalse();
    assertThat(large.slice()).isEqualTo(new Slice<>(List.of("large"), true));
    var all = new Taking<String>(Integer.MAX_VALUE, Integer.MAX_VALUE);
    assertThat(all.take("one")).isTrue();
    assertThat(all.slice().more()).isFalse();
  }
}
