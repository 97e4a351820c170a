package dev.sluice.product;

import static dev.sluice.event.Events.approved;
import static dev.sluice.event.Events.deleted;
import static dev.sluice.event.Events.determined;
import static dev.sluice.event.Events.event;
import static dev.sluice.event.Events.policy;
import static dev.sluice.event.Events.published;
import static dev.sluice.event.Events.publishedWithApproval;
import static dev.sluice.event.Events.replaced;
import static dev.sluice.event.Events.requested;
import static dev.sluice.event.Events.source;
import static dev.sluice.event.Events.sources;
import static dev.sluice.event.Events.suspended;
import static dev.sluice.event.Events.updated;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.RejectionReason;
import dev.sluice.event.ApprovalPolicy;
import dev.sluice.event.DataSource;
import dev.sluice.event.Events;
import dev.sluice.event.Payload;
import dev.sluice.event.Payload.ProductUpdated;
import dev.sluice.event.ProductEvent;
import dev.sluice.limits.SizeLimits;
import dev.sluice.product.stage.ProductAvro;
import dev.sluice.product.stage.RecordSizeTest;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Events that would make a product or a request larger than a record may be. */
class TooLargeTest {
  private static final String TOO_LONG = "x".repeat(SizeLimits.STATE);

  @Test
  void shouldAcceptTenThousandSourcesWithIdsOfSixtyCharacters() {
    var applied = Decided.after().apply(published("p1", many(10_000, 60)));

    assertThat(applied.product().sources()).hasSize(10_000);
  }

  @Test
  void shouldRejectPublishingAProductThatIsTooLarge() {
    // Each source takes 2 + 200 + 1 + 9 bytes, their list 4, all else 3,597.
    assertThat(Decided.after().decide(published("p1", many(12_000, 200))))
        .isEqualTo(
            new Decision.Rejected(
                RejectionReason.TOO_LARGE,
                "product \"p1\" would be 2,547,601 bytes with its sources (12,000); at most"
                    + " 1,000,000 fit"));
  }

  @Test
  void shouldRejectReplacingSourcesByTooMany() {
    assertThat(Decided.after(published("p1", "s1")).rejection(replaced("p1", many(12_000, 200))))
        .isEqualTo(RejectionReason.TOO_LARGE);
  }

  @Test
  void shouldRejectOneListElementTooMany() {
    var few = sources("s1");
    var known = Decided.after(published("p1", few), approved("p1", "r1", "ana"));
    var most = domains(SizeLimits.ELEMENTS - few.size());
    var more = domains(SizeLimits.ELEMENTS);

    assertThat(known.decide(updated("p1", update(most, null))))
        .isInstanceOf(Decision.Applied.class);
    assertThat(known.decide(updated("p1", update(more, null))))
        .isEqualTo(
            new Decision.Rejected(
                RejectionReason.TOO_LARGE,
                "product \"p1\" would have 20,001 list elements (sources, domains, agreements,"
                    + " stages, approvers); at most 20,000 fit"));
    assertThat(Decided.after().rejection(published("p1", many(SizeLimits.ELEMENTS + 1, 7))))
        .isEqualTo(RejectionReason.TOO_LARGE);
    assertThat(known.rejection(replaced("p1", many(SizeLimits.ELEMENTS + 1, 7))))
        .isEqualTo(RejectionReason.TOO_LARGE);
  }

  /** An older version may have stored such a product. */
  @Test
  void shouldTakeAccessAwayFromAProductWithTooManyElements() {
    var decided = Decided.after(published("p1", "s1"), approved("p1", "r1", "ana"));
    var product = decided.product();
    var details = new Product.Details("name", null, domains(SizeLimits.ELEMENTS * 10), null);
    var large = product.with(details, null, product.agreements());
    var decider = new ProductDecider(userId -> 0);

    for (var event : List.of(Events.revoked("p1", "r1", "ana"), suspended("p1"), deleted("p1"))) {
      assertThat(decider.decide("p1", large, decided, event, Decided.NOW_MS))
          .isInstanceOf(Decision.Applied.class);
    }
  }

  private static List<String> domains(int count) {
    return Collections.nCopies(count, "d");
  }

  @Test
  void shouldCountARepeatedSourceOnce() {
    var repeated = Stream.generate(() -> many(10_000, 60)).limit(3).flatMap(List::stream).toList();

    assertThat(Decided.after().apply(published("p1", repeated)).product().sources())
        .hasSize(10_000);
  }

  static Stream<Arguments> eventsWithATextForAProduct() {
    var known = Decided.after(published("p1", "s1"));
    return Stream.of(
        of(Decided.after(), text -> published("p1", sources(), named(text))),
        of(known, text -> updated("p1", update(List.of("d1", text), null))),
        of(known, text -> updated("p1", update(null, named(text)))));
  }

  @ParameterizedTest
  @MethodSource("eventsWithATextForAProduct")
  void shouldRejectTheFirstByteTooMany(Decided decided, Function<String, ProductEvent> event) {
    var longest = longest(decided, event);

    assertThat(longest).isBetween(SizeLimits.STATE - 10_000, SizeLimits.STATE - 1);
    assertThat(decided.decide(event.apply("x".repeat(longest))))
        .isInstanceOf(Decision.Applied.class);
    assertThat(decided.rejection(event.apply("x".repeat(longest + 1))))
        .isEqualTo(RejectionReason.TOO_LARGE);
  }

  /** By bisection: how long a text may be. */
  private static int longest(Decided decided, Function<String, ProductEvent> event) {
    int fits = 1;
    int large = SizeLimits.STATE;
    while (large - fits > 1) {
      int middle = (fits + large) / 2;
      if (decided.decide(event.apply("x".repeat(middle))) instanceof Decision.Applied) {
        fits = middle;
      } else {
        large = middle;
      }
    }
    return fits;
  }

  static Stream<Arguments> eventsWithProse() {
    var published = published("p1", "s1");
    var waiting = Decided.after(publishedWithApproval("p1", "s1"), requested("p1", "r1", "ana"));
    var atOne =
        Decided.after(
            published("p1", sources("s1"), policy("one", "two")), requested("p1", "r1", "ana"));
    var member = Decided.after(published, approved("p1", "r1", "ana"));
    return Stream.of(
        of(Decided.after(), text -> published("p1", text, sources("s1"))),
        of(member, text -> updated("p1", new ProductUpdated(text, text, null, null, null, null))),
        of(member, text -> deleted("p1", text)),
        of(member, text -> by(text, deleted("p1"))),
        of(waiting, text -> approvedBy(text)),
        of(waiting, text -> determination(Payload.Decision.APPROVE, text)),
        of(waiting, text -> determination(Payload.Decision.DENY, text)),
        of(atOne, text -> determination(Payload.Decision.APPROVE, text)),
        of(waiting, text -> event("p1", "r1", new Payload.AccessDenied("r1", text))),
        of(waiting, text -> by(text, Events.denied("p1", "r1"))),
        of(waiting, text -> event("p1", "r1", new Payload.AccessRequestCanceled("r1", text))),
        of(waiting, text -> by(text, Events.canceled("p1", "r1"))),
        of(member, text -> event("p1", "r1", new Payload.AccessRevoked("r1", "ana", text))),
        of(member, text -> event("p1", "r1", new Payload.AccessRevoked(null, "ana", text))),
        of(member, text -> by(text, Events.revoked("p1", "r1", "ana"))));
  }

  @ParameterizedTest
  @MethodSource("eventsWithProse")
  void shouldRefuseNoEventForItsProse(Decided decided, Function<String, ProductEvent> event) {
    assertThat(decided.decide(event.apply("x".repeat(5_000_000))))
        .isInstanceOf(Decision.Applied.class);
  }

  @Test
  void shouldSayInATextThatItWasCut() {
    var member = Decided.after(published("p1", "s1"), approved("p1", "r1", "ana"));
    Function<String, String> reason =
        text ->
            member
                .apply(event("p1", "r1", new Payload.AccessRevoked("r1", "ana", text)))
                .requests()
                .getFirst()
                .request()
                .reason();

    assertThat(reason.apply("x".repeat(4_000))).isEqualTo("x".repeat(4_000));
    assertThat(reason.apply("x".repeat(4_001)))
        .isEqualTo("x".repeat(4_000) + "… (cut, had 4001 characters)");
    assertThat(reason.apply("x".repeat(3_999) + "𝄞"))
        .isEqualTo("x".repeat(3_999) + "… (cut, had 4001 characters)");
  }

  @Test
  void shouldEndARequestWhateverThePolicyTakesThatItWasMadeUnder() {
    Function<String, ProductEvent> publication = text -> published("p1", sources(), named(text));
    var longest = "x".repeat(longest(Decided.after(), publication));
    var requested = requested("p1", "r1", "ana");
    var waiting = Decided.after(publication.apply(longest), requested);
    var member = Decided.after(publication.apply(longest), requested, approved("p1", "r1", "ana"));
    var text = "\u4e00".repeat(10_000);

    for (var revoked : List.of("r1", "")) {
      var id = revoked.isEmpty() ? null : revoked;
      var event = by(text, event("p1", "r1", new Payload.AccessRevoked(id, "ana", text)));
      var over = member.apply(event).requests().getFirst().request();
      assertThat(over.state()).isEqualTo(RequestState.REVOKED);
      // With the longest history, a broker still takes it.
      for (int i = 0; i < AccessRequest.STEPS_MAX; i++) {
        over = over.decided(RequestState.REVOKED, over.decidedBy(), Long.MAX_VALUE, over.reason());
      }
      assertThat(RecordSizeTest.encoded(ProductAvro.stored(over))).isLessThan((1 << 20) - 2_000);
    }
    assertThat(waiting.decide(determination(Payload.Decision.DENY, text)))
        .isInstanceOf(Decision.Applied.class);
    assertThat(waiting.decide(event("p1", "r1", new Payload.AccessDenied("r1", text))))
        .isInstanceOf(Decision.Applied.class);
  }

  @Test
  void shouldLetAProductWithTheLargestPolicyBeRequestedAndApproved() {
    Function<String, ProductEvent> event = text -> published("p1", sources(), named(text));
    var longest = longest(Decided.after(), event);
    var decided = Decided.after(event.apply("x".repeat(longest)), requested("p1", "r1", "ana"));

    assertThat(decided.decide(determined("p1", "r1", Payload.Decision.APPROVE)))
        .isInstanceOf(Decision.Applied.class);
  }

  @Test
  void shouldFindWhatIsWrongOtherwiseBeforeTheSize() {
    var nobody =
        new ApprovalPolicy(
            null, List.of(), TOO_LONG, List.of(new ApprovalPolicy.Stage("", List.of())));
    var known = Decided.after(published("p1", "s1"), approved("p1", "r1", "ana"));

    assertThat(known.rejection(updated("p1", update(null, nobody))))
        .isEqualTo(RejectionReason.INVALID_POLICY);
  }

  @Test
  void shouldNotAskForTheSizeWhereNothingLargeChanges() {
    var decided = Decided.after(published("p1", "s1"));
    var product = decided.product();
    var large =
        product.with(
            new Product.Details("name", null, List.of(TOO_LONG), null), null, product.agreements());
    var decider = new ProductDecider(userId -> 0);

    for (var event : List.of(approved("p1", "r1", "ana"), suspended("p1"), deleted("p1"))) {
      assertThat(decider.decide("p1", large, decided, event, Decided.NOW_MS))
          .isInstanceOf(Decision.Applied.class);
    }
    assertThat(decider.decide("p1", large, decided, Events.renamed("p1", "name"), Decided.NOW_MS))
        .isInstanceOf(Decision.NoOp.class);
  }

  private static Arguments of(Decided decided, Function<String, ProductEvent> event) {
    return Arguments.of(decided, event);
  }

  private static List<DataSource> many(int count, int length) {
    return IntStream.range(0, count)
        .mapToObj(i -> source("s".repeat(length - 6) + (100_000 + i)))
        .toList();
  }

  /** A policy of one stage with that name. */
  private static ApprovalPolicy named(String stage) {
    return policy(stage);
  }

  private static ProductUpdated update(
      @Nullable List<String> domains, @Nullable ApprovalPolicy policy) {
    return new ProductUpdated(null, null, domains, policy, null, null);
  }

  private static ProductEvent approvedBy(String by) {
    return event("p1", "r1", new Payload.AccessApproved("r1", "ana", by, null));
  }

  private static ProductEvent determination(Payload.Decision decision, String reason) {
    return event(
        "p1", "r1", new Payload.DeterminationMade("r1", "boss", decision, reason, null, null));
  }

  private static ProductEvent by(String actor, ProductEvent e) {
    return new ProductEvent(
        e.eventId(), e.productId(), e.sequence(), e.occurredAt(), actor, e.payload());
  }
}
