package dev.sluice.product;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.avro.internal.StoredRequest;
import dev.sluice.serde.SingleObjectSerde;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What is kept of the past of products and requests, and how much. */
class PastTest {

  private static Map<String, String> sources(List<String> ids) {
    var sources = new TreeMap<String, String>();
    ids.forEach(id -> sources.put(id, "t"));
    return sources;
  }

  @Test
  void shouldKeepWhenTheStateChangedAndWhatWasRemoved() {
    var past = ProductPast.since(1);

    var replaced = past.revised(false, sources(List.of("a", "b")), sources(List.of("b")), 2);
    assertThat(replaced).isEqualTo(new ProductPast(1, List.of(new ProductPast.Removed("a", 2))));
    var back = replaced.revised(false, sources(List.of("b")), sources(List.of("a")), 3);
    assertThat(back).isEqualTo(new ProductPast(1, List.of(new ProductPast.Removed("b", 3))));
    assertThat(back.revised(true, sources(List.of("a")), sources(List.of("a")), 4).stateSinceMs())
        .isEqualTo(4);
  }

  @Test
  void shouldKeepSoManyRemovedSourcesAndNoMoreBytesThanFit() {
    var many = IntStream.range(100, 200).mapToObj(i -> "s" + i).toList();
    var kept = ProductPast.since(1).revised(false, sources(many), Map.of(), 2).removed();
    assertThat(kept).hasSize(ProductPast.SOURCES_MAX);
    assertThat(kept.getLast().sourceId()).isEqualTo("s199");

    var large = IntStream.range(10, 20).mapToObj(i -> "日".repeat(254) + i).toList();
    assertThat(ProductPast.since(1).revised(false, sources(large), Map.of(), 2).removed())
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
    assertThat(size).isLessThan((1 << 20) - RecordSize.LIMIT - 4_096);
    assertThat(ProductAvro.request(whole).history())
        .isEqualTo(request.decided(RequestState.APPROVED, null, 0, null).history());
  }
}
