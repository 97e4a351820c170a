package dev.sluice.product;

import static dev.sluice.event.Events.approved;
import static dev.sluice.event.Events.approvedUntil;
import static dev.sluice.event.Events.deleted;
import static dev.sluice.event.Events.published;
import static dev.sluice.event.Events.publishedWithAgreement;
import static dev.sluice.event.Events.replaced;
import static dev.sluice.event.Events.requested;
import static dev.sluice.event.Events.sequenced;
import static dev.sluice.event.Events.source;
import static dev.sluice.event.Events.suspended;
import static dev.sluice.event.Events.withId;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.RejectionReason;
import dev.sluice.event.Events;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Order of the reasons, duplicates, and the events that move the last accepted sequence. */
class CheckOrderTest {

  @Test
  void shouldRejectABadIdBeforeAnUnknownProduct() {
    assertThat(Decided.after().rejection(approved("p1", "r|1", "ana")))
        .isEqualTo(RejectionReason.INVALID_ID);
  }

  @Test
  void shouldRejectABadIdBeforeADuplicate() {
    var decided = Decided.after(sequenced(5, published("p1", "s1")));

    assertThat(decided.rejection(sequenced(1, withId("", suspended("p1")))))
        .isEqualTo(RejectionReason.INVALID_ID);
  }

  @Test
  void shouldRejectAnEventUnderAnotherKey() {
    var decided = Decided.after(published("p1", "s1"));

    assertThat(decided.decide("p2", suspended("p1")))
        .isEqualTo(
            new Decision.Rejected(
                RejectionReason.INVALID_ID,
                "the record's key \"p2\", it must be the productId \"p1\"",
                "Key the record by its productId, as UTF-8, and send it again."));
  }

  @Test
  void shouldRejectAnUnknownProduct() {
    assertThat(Decided.after().decide(suspended("p1")))
        .isEqualTo(
            new Decision.Rejected(
                RejectionReason.UNKNOWN_PRODUCT, "product \"p1\" was never published"));
  }

  @Test
  void shouldRejectAnUnknownProductBeforeItsSources() {
    var sources = List.of(source("s1", "Snowflake"), source("s1", "Databricks"));

    assertThat(Decided.after().rejection(replaced("p1", sources)))
        .isEqualTo(RejectionReason.UNKNOWN_PRODUCT);
  }

  @Test
  void shouldRejectPublishingAKnownProduct() {
    var decided = Decided.after(published("p1", "s1"));

    assertThat(decided.decide(withId("e2", published("p1", "s1"))))
        .isEqualTo(
            new Decision.Rejected(
                RejectionReason.PRODUCT_EXISTS, "product \"p1\" was published before"));
  }

  @Test
  void shouldDropAPublicationThatRepeatsItsSequence() {
    var decided = Decided.after(sequenced(1, published("p1", "s1")), sequenced(2, suspended("p1")));

    assertThat(decided.decide(sequenced(1, published("p1", "s1"))))
        .isEqualTo(new Decision.Duplicate());
  }

  @Test
  void shouldDropAPublicationWithoutASequenceThatRepeatsItsId() {
    var decided = Decided.after(published("p1", "s1"), suspended("p1"));

    assertThat(decided.decide(published("p1", "s1"))).isEqualTo(new Decision.Duplicate());
    assertThat(decided.rejection(sequenced(3, published("p1", "s1"))))
        .isEqualTo(RejectionReason.PRODUCT_EXISTS);
  }

  @Test
  void shouldDropARepeatedPublicationOfADeletedProduct() {
    var decided = Decided.after(sequenced(7, published("p1", "s1")), deleted("p1"));

    assertThat(decided.decide(sequenced(7, published("p1", "s1"))))
        .isEqualTo(new Decision.Duplicate());
  }

  @Test
  void shouldRejectPublishingADeletedProduct() {
    var decided = Decided.after(sequenced(7, published("p1", "s1")), deleted("p1"));

    assertThat(decided.rejection(sequenced(8, withId("e2", published("p1", "s1")))))
        .isEqualTo(RejectionReason.PRODUCT_DELETED);
  }

  @Test
  void shouldDropAnOldSequenceBeforeADeletedProduct() {
    var decided = Decided.after(published("p1", "s1"), sequenced(7, deleted("p1")));

    assertThat(decided.decide(sequenced(7, deleted("p1")))).isEqualTo(new Decision.Duplicate());
    assertThat(decided.rejection(sequenced(7, suspended("p1"))))
        .isEqualTo(RejectionReason.PRODUCT_DELETED);
  }

  @Test
  void shouldRejectWhatComesAfterADeletion() {
    var decided = Decided.after(published("p1", "s1"), sequenced(7, deleted("p1")));

    assertThat(decided.decide(sequenced(8, suspended("p1"))))
        .isEqualTo(
            new Decision.Rejected(RejectionReason.PRODUCT_DELETED, "product \"p1\" was deleted"));
  }

  @Test
  void shouldRejectARequestForADeletedProductBeforeTheRequestIsLookedUp() {
    var decided = Decided.after(published("p1", "s1"), approved("p1", "r1", "ana"), deleted("p1"));

    assertThat(decided.rejection(requested("p1", "r1", "ana")))
        .isEqualTo(RejectionReason.PRODUCT_DELETED);
  }

  @Test
  void shouldRejectAKnownRequestBeforeTheMissingAcknowledgement() {
    var decided = Decided.after(publishedWithAgreement("p1", "s1"), approved("p1", "r1", "ana"));

    assertThat(decided.rejection(requested("p1", "r1", "ana")))
        .isEqualTo(RejectionReason.REQUEST_EXISTS);
  }

  @Test
  void shouldRejectTheWrongStateBeforeWhatIsNotSupported() {
    var decided =
        Decided.after(
            published("p1", "s1"), approved("p1", "r1", "ana"), Events.revoked("p1", "r1", "ana"));

    assertThat(decided.rejection(approvedUntil("p1", "r1", "ana", Events.NOON)))
        .isEqualTo(RejectionReason.NOT_PENDING);
  }

  @Test
  void shouldDropASequenceThatRepeats() {
    var decided = Decided.after(published("p1", "s1"), sequenced(3, suspended("p1")));

    assertThat(decided.decide(sequenced(3, suspended("p1")))).isEqualTo(new Decision.Duplicate());
  }

  @Test
  void shouldAcceptASequenceThatSkips() {
    var decided = Decided.after(sequenced(1, published("p1", "s1")));

    assertThat(decided.apply(sequenced(90, suspended("p1"))).product().lastSequence())
        .isEqualTo(90);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 1_790_000_000_000L, 1_790_000_000_000_000_000L})
  void shouldAcceptAnyPlausibleSequenceWhereNoneWasGivenYet(long sequence) {
    var decided = Decided.after(published("p1", "s1"));

    assertThat(decided.apply(sequenced(sequence, suspended("p1"))).product().lastSequence())
        .isEqualTo(sequence);
    assertThat(Decided.after().apply(sequenced(sequence, published("p1"))).product().lastSequence())
        .isEqualTo(sequence);
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, Long.MIN_VALUE, Long.MAX_VALUE, Long.MAX_VALUE / 2 + 1})
  void shouldRejectASequenceThatLeavesNoRoom(long sequence) {
    for (var decided :
        List.of(Decided.after(published("p1")), Decided.after(sequenced(5, published("p1"))))) {
      assertThat(decided.rejection(sequenced(sequence, suspended("p1"))))
          .isEqualTo(RejectionReason.IMPLAUSIBLE_SEQUENCE);
    }
    assertThat(Decided.after().rejection(sequenced(sequence, published("p1"))))
        .isEqualTo(RejectionReason.IMPLAUSIBLE_SEQUENCE);
  }

  @Test
  void shouldRejectASequenceThatJumpsTooFar() {
    var decisionRules = new DecisionRules(EventPlacement.ANY, 10, false);
    var decided = Decided.after(decisionRules, sequenced(5, published("p1")));

    assertThat(decided.decide(sequenced(16, suspended("p1"))))
        .isEqualTo(
            new Decision.Rejected(
                RejectionReason.IMPLAUSIBLE_SEQUENCE,
                "sequence 16 is more than 10 above the last one, 5"));
    assertThat(decided.decide(sequenced(15, suspended("p1")))).isInstanceOf(Decision.Applied.class);
  }

  @Test
  void shouldRejectALateEventThatWasNotAcceptedBefore() {
    var decided = Decided.after(sequenced(1, published("p1")), sequenced(3, suspended("p1")));

    assertThat(decided.decide(sequenced(2, Events.resumed("p1"))))
        .isEqualTo(
            new Decision.Rejected(
                RejectionReason.OUT_OF_ORDER,
                "sequence 2 comes after 3, and was not accepted before"));
    assertThat(decided.decide(sequenced(1, published("p1")))).isEqualTo(new Decision.Duplicate());
  }

  @Test
  void shouldRejectAnotherEventUnderASequenceThatWasAccepted() {
    var decided = Decided.after(sequenced(1, published("p1")), sequenced(3, suspended("p1")));

    assertThat(decided.decide(sequenced(3, suspended("p1")))).isEqualTo(new Decision.Duplicate());
    assertThat(decided.decide(sequenced(3, Events.resumed("p1"))))
        .isEqualTo(
            new Decision.Rejected(
                RejectionReason.SEQUENCE_REUSED, "sequence 3 was accepted with another eventId"));
    assertThat(decided.decide(sequenced(1, Events.resumed("p1"))))
        .extracting("reason")
        .isEqualTo(RejectionReason.SEQUENCE_REUSED);
  }

  @Test
  void shouldKeepTheEventsOfTheLastSixtyFourSequences() {
    var seenEvents = SeenEvents.first("e").accepted(1L, "e1").accepted(3L, "e3");
    var later = seenEvents.accepted(64L, "e64");

    assertThat(seenEvents.isOfAnother(1, "e1")).isFalse();
    assertThat(seenEvents.isOfAnother(1, "e3")).isTrue();
    assertThat(seenEvents.isOfAnother(2, "e3")).isFalse();
    assertThat(later.isOfAnother(1, "e2")).isTrue();
    assertThat(later.isOfAnother(3, "e3")).isFalse();
    assertThat(later.isOfAnother(64, "e1")).isTrue();
    assertThat(later.eventHashes()).hasSize(64);
    assertThat(later.accepted(65L, "e65").eventHashes()).hasSize(63);
    assertThat(later.accepted(1_000L, "e1000").eventHashes()).hasSize(1);
  }

  @Test
  void shouldKnowTheLastSixtyFourSequences() {
    var decided = Decided.after(sequenced(1, published("p1")), sequenced(64, suspended("p1")));
    var later = Decided.after(sequenced(1, published("p1")), sequenced(65, suspended("p1")));

    assertThat(decided.decide(sequenced(1, published("p1")))).isEqualTo(new Decision.Duplicate());
    assertThat(later.decide(sequenced(1, Events.resumed("p1"))))
        .isEqualTo(
            new Decision.Rejected(
                RejectionReason.OUT_OF_ORDER,
                "sequence 1 comes after 65, which is too far to know whether it was accepted"
                    + " before"));
  }

  @Test
  void shouldTakeAllThatAnOlderVersionHeardForDuplicates() {
    var seenEvents = new SeenEvents(100L, -1, "", List.of());

    assertThat(LongStream.rangeClosed(37, 100)).allMatch(seenEvents::has);
    assertThat(seenEvents.has(36)).isFalse();
    assertThat(seenEvents.accepted(102L, "e").has(101)).isFalse();
    assertThat(seenEvents.accepted(102L, "e").has(100)).isTrue();
    assertThat(seenEvents.isOfAnother(50, "e")).isFalse();
    assertThat(new SeenEvents(-5L, -1, "", List.of()).accepted(Long.MAX_VALUE / 2, "e").has(-5))
        .isFalse();
  }

  @Test
  void shouldRejectAnEventInAnotherPartitionBeforeAllButItsIds() {
    EventPlacement second =
        (id, at) -> at == 2 ? null : new EventPlacement.Misplaced("not in " + at, "mend " + id);
    var decided = Decided.after(new DecisionRules(second, 1, false));

    assertThat(decided.decide(1, suspended("p1")))
        .isEqualTo(new Decision.Rejected(RejectionReason.WRONG_PARTITION, "not in 1", "mend p1"));
    assertThat(decided.decide(2, suspended("p1")))
        .extracting("reason")
        .isEqualTo(RejectionReason.UNKNOWN_PRODUCT);
    assertThat(decided.decide(1, withId("", suspended("p1"))))
        .extracting("reason")
        .isEqualTo(RejectionReason.INVALID_ID);
  }

  @Test
  void shouldKeepTheLastSequenceWhenAnEventHasNone() {
    var decided = Decided.after(sequenced(5, published("p1", "s1")));

    assertThat(decided.apply(suspended("p1")).product().lastSequence()).isEqualTo(5);
  }

  @Test
  void shouldMoveTheLastSequenceWithANoOp() {
    var decided = Decided.after(sequenced(1, published("p1", "s1")));

    var resumed = sequenced(2, Events.resumed("p1"));
    assertThat(decided.decide(resumed))
        .isEqualTo(new Decision.NoOp(decided.product().accepted(2L, resumed.eventId())));
  }

  @Test
  void shouldMoveTheLastSequenceWithADeletion() {
    var decided = Decided.after(sequenced(1, published("p1", "s1")));

    assertThat(decided.apply(sequenced(2, deleted("p1"))).product().lastSequence()).isEqualTo(2);
  }
}
