package dev.sluice.event.codec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.event.Agreement;
import dev.sluice.event.ApprovalPolicy;
import dev.sluice.event.Events;
import dev.sluice.event.Expert;
import dev.sluice.event.Payload;
import dev.sluice.event.ProductEvent;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EventJsonWriterTest {
  private static final Instant THEN = Instant.parse("2027-01-05T09:00:00.123Z");

  static List<Payload> payloads() {
    var agreement = new Agreement("dua", "Data use");
    var expert = new Expert("ben", null);
    return List.of(
        new Payload.ProductPublished(
            "P",
            "d",
            List.of("sales"),
            Events.sources("s1", "s2"),
            Events.policy("one", "two"),
            List.of(agreement),
            expert),
        new Payload.ProductPublished("P", null, List.of(), List.of(), null, List.of(), null),
        new Payload.ProductUpdated(null, "new", List.of(), null, List.of(), expert),
        new Payload.ProductUpdated("n", null, null, Events.policy("one"), null, null),
        new Payload.DataSourcesReplaced(Events.sources("s1")),
        new Payload.ProductSuspended("because"),
        new Payload.ProductResumed(null),
        new Payload.ProductDeleted("gone"),
        new Payload.AccessRequested("r1", "ana", true, Map.of("why", "so \u2028\u202e")),
        new Payload.DeterminationMade(
            "r1", "boss", Payload.Decision.APPROVE, "fine", THEN, "2", "P30D", THEN),
        new Payload.AccessApproved("r1", "ana", "boss", THEN, "PT1H", THEN),
        new Payload.ApproversReplaced(
            "r1", "2", List.of(new ApprovalPolicy.Approver("USER", "eva", null)), "left"),
        new Payload.AccessDenied("r1", null),
        new Payload.AccessRequestCanceled("r1", "no"),
        new Payload.AccessRevoked(null, "ana", "left"));
  }

  @ParameterizedTest
  @MethodSource("payloads")
  void shouldBeReadAsTheSameEvent(Payload payload) throws Exception {
    for (var sequence : new Long[] {null, 7L}) {
      var event = new ProductEvent("e1", "p1", sequence, Events.NOON, "api", payload);

      assertThat(EventJson.parse(EventJsonWriter.of(event).toString())).isEqualTo(event);
    }
  }

  @Test
  void shouldBeTriedWithEveryType() {
    assertThat(payloads().stream().map(Object::getClass).distinct())
        .hasSize(EventJson.TYPES.size());
  }

  @Test
  void shouldPutTypeAndDataLast() {
    assertThat(EventJsonWriter.of(Events.suspended("p1")).toString())
        .matches("\\{\"eventId\":.*,\"type\":\"ProductSuspended\",\"data\":\\{.*}}");
  }
}
