package dev.sluice.product.stage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.avro.internal.StoredRequest;
import dev.sluice.limits.SizeLimits;
import dev.sluice.product.AccessRequest;
import dev.sluice.product.ProductHistory;
import dev.sluice.product.RequestState;
import dev.sluice.serde.SingleObjectSerde;
import dev.sluice.update.SourceRef;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What is kept of the past of products and requests, and how much. */
class PastTest {

  private static Set<SourceRef> sources(List<String> ids) {
    return ids.stream()
        .map(id -> new SourceRef(id, "t"))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void shouldKeepWhenTheStateChangedAndWhatWasRemoved() {
    var past = ProductHistory.since(1);

    var replaced = past.revised(false, sources(List.of("a", "b")), sources(List.of("b")), 2);
    assertThat(replaced)
        .isEqualTo(new ProductHistory(1, List.of(new ProductHistory.Removed("a", "t", 2))));
    var back = replaced.revised(false, sources(List.of("b")), sources(List.of("a")), 3);
    assertThat(back)
        .isEqualTo(new ProductHistory(1, List.of(new ProductHistory.Removed("b", "t", 3))));
    assertThat(back.revised(true, sources(List.of("a")), sources(List.of("a")), 4).stateSinceMs())
        .isEqualTo(4);
  }

  @Test
  void shouldTellOneTypeOfASourceFromAnother() {
    var snowflake = Set.of(new SourceRef("a", "Snowflake"));
    var databricks = Set.of(new SourceRef("a", "Databricks"));

    var past = ProductHistory.since(1).revised(false, snowflake, databricks, 2);
    assertThat(past.removed()).containsExactly(new ProductHistory.Removed("a", "Snowflake", 2));
    assertThat(past.revised(false, databricks, snowflake, 3).removed())
        .containsExactly(new ProductHistory.Removed("a", "Databricks", 3));
  }

  @Test
  void shouldForgetARemovalOfAnUnknownTypeWhenASourceOfThatIdIsThere() {
    var old = new ProductHistory(1, List.of(new ProductHistory.Removed("a", "", 1)));

    assertThat(old.revised(false, Set.of(), sources(List.of("a")), 2).removed()).isEmpty();
    assertThat(old.revised(false, Set.of(), sources(List.of("b")), 2).removed())
        .containsExactly(new ProductHistory.Removed("a", "", 1));
  }

  @Test
  void shouldKeepSoManyRemovedSourcesAndNoMoreBytesThanFit() {
    var many = IntStream.range(100, 200).mapToObj(i -> "s" + i).toList();
    var kept = ProductHistory.since(1).revised(false, sources(many), Set.of(), 2).removed();
    assertThat(kept).hasSize(ProductHistory.SOURCES_MAX);
    assertThat(kept.getLast().sourceId()).isEqualTo("s199");

    var large = IntStream.range(10, 20).mapToObj(i -> "日".repeat(254) + i).toList();
    assertThat(ProductHistory.since(1).revised(false, sources(large), Set.of(), 2).removed())
        .hasSize(2);
  }

  @Test
  void shouldKeepTheNewestStepsOfARequestInABoundedSpace() {
    var request = AccessRequest.pending("r", "u", null, 0);
    for (int i = 0; i < 100; i++) {
      request =
          request.decided(
              RequestState.APPROVED, "日".repeat(500), i, "x" + "\uD83D\uDE00".repeat(500));
    }

    assertThat(request.history()).hasSize(AccessRequest.STEPS_MAX);
    assertThat(request.history().getLast().atMs()).isEqualTo(99);
    assertThat(request.history().getFirst().atMs()).isEqualTo(68);
    var reason = request.history().getLast().reason();
    assertThat(reason)
        .endsWith("\uD83D\uDE00…")
        .hasSizeLessThanOrEqualTo(AccessRequest.STEP_TEXT_MAX);
    var whole = ProductAvro.stored(request.decided(RequestState.APPROVED, null, 0, null));
    var size =
        new SingleObjectSerde<>(StoredRequest.class).serializer().serialize("", whole).length;
    // What a record may have beyond what its texts are bounded to.
    assertThat(size).isLessThan((1 << 20) - SizeLimits.STATE - 4_096);
    assertThat(ProductAvro.request(whole).history())
        .isEqualTo(request.decided(RequestState.APPROVED, null, 0, null).history());
  }
}
