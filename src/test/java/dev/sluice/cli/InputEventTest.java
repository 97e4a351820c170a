package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.event.DataSource;
import dev.sluice.event.Events;
import dev.sluice.event.ProductEvent;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class InputEventTest {
  private static InputEvent read(@Nullable String key, ProductEvent event) {
    return new InputEvent("product-events-0 offset 7", Events.NOON, key, false, event, null);
  }

  private static String forPublish(InputEvent event) {
    assertThat(event.forPublish()).hasSize(1);
    return event.forPublish().getFirst();
  }

  @Test
  void shouldWriteAnEventAsPublishTakesIt() {
    assertThat(forPublish(read("p1", Events.suspended("p1"))))
        .startsWith("{")
        .contains("\"productId\":\"p1\"", "\"type\":\"ProductSuspended\"");
  }

  @Test
  void shouldLeaveOutWhatPublishWouldRefuse() {
    var blankType = Events.replaced("p1", List.of(new DataSource("s1", " ")));

    assertThat(forPublish(read("p1", blankType)))
        .startsWith("# product-events-0 offset 7 (key p1, event " + blankType.eventId() + ")")
        .contains("is left out", "sourceType");
    assertThat(forPublish(read("p2", Events.suspended("p1"))))
        .endsWith("is left out: its key is not its productId");
    assertThat(forPublish(read(null, Events.suspended("p1")))).startsWith("# ");
  }

  @Test
  void shouldWriteAnUnreadableRecordAsAComment() {
    var garbage =
        new InputEvent("t-0 offset 1", Events.NOON, "p1", false, null, "the record has no value");

    assertThat(forPublish(garbage))
        .isEqualTo("# t-0 offset 1 (key p1) is not an event: the record has no value");
    assertThat(garbage.line()).startsWith("UNREADABLE key p1 ");
  }
}
