package dev.sluice.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.event.Events;
import dev.sluice.event.ProductEvent;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PublishAuditTest {

  @Test
  void shouldLogPublisherCountTypesAndProducts() {
    assertThat(
            PublishAudit.text(
                "ana",
                "has published",
                List.of(
                    Events.published("p1", "s1"), Events.suspended("p1"), Events.suspended("p2"))))
        .isEqualTo("ana has published 3 events (ProductPublished 1, ProductSuspended 2) of p1, p2");
  }

  @Test
  void shouldLogOneShortLineForAnyIds() {
    List<ProductEvent> events =
        IntStream.range(0, 1000)
            .mapToObj(i -> Events.suspended("p\n\u001b" + i + "x".repeat(1000)))
            .toList();

    assertThat(PublishAudit.text("a\nERROR forged", "has published", events))
        .startsWith(
            "a\\u000aERROR forged has published 1000 events (ProductSuspended 1000) of p\\u000a")
        .endsWith(" and 995 more")
        .hasSizeLessThan(2_000)
        .doesNotContain("\n", "\u001b");
  }
}
