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

import dev.sluice.event.Events;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which reason wins, what counts as a duplicate, and what moves the last accepted sequence. */
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
                "the record's key \"p2\", it must be the productId \"p1\""));
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

    assertThat(decided.decide(published("p1", "s1")))
        .isEqualTo(
            new Decision.Rejected(
                RejectionReason.PRODUCT_EXISTS, "product \"p1\" was published before"));
  }

  @Test
  void shouldRejectPublishingAKnownProductBeforeItIsADuplicate() {
    var decided = Decided.after(sequenced(1, published("p1", "s1")));

    assertThat(decided.rejection(sequenced(1, published("p1", "s1"))))
        .isEqualTo(RejectionReason.PRODUCT_EXISTS);
  }

  @Test
  void shouldRejectPublishingADeletedProduct() {
    var decided = Decided.after(sequenced(7, published("p1", "s1")), deleted("p1"));

    assertThat(decided.rejection(sequenced(1, published("p1", "s1"))))
        .isEqualTo(RejectionReason.PRODUCT_DELETED);
  }

  @Test
  void shouldDropAnOldSequenceBeforeADeletedProduct() {
    var decided = Decided.after(published("p1", "s1"), sequenced(7, deleted("p1")));

    assertThat(decided.decide(sequenced(7, suspended("p1")))).isEqualTo(new Decision.Duplicate());
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

    assertThat(decided.decide(sequenced(3, Events.resumed("p1"))))
        .isEqualTo(new Decision.Duplicate());
  }

  @Test
  void shouldAcceptASequenceThatSkips() {
    var decided = Decided.after(sequenced(1, published("p1", "s1")));

    assertThat(decided.apply(sequenced(90, suspended("p1"))).product().lastSequence())
        .isEqualTo(90);
  }

  @Test
  void shouldAcceptAnySequenceWhereNoneWasGivenYet() {
    var decided = Decided.after(published("p1", "s1"));

    assertThat(decided.apply(sequenced(-4, suspended("p1"))).product().lastSequence())
        .isEqualTo(-4);
  }

  @Test
  void shouldKeepTheLastSequenceWhenAnEventHasNone() {
    var decided = Decided.after(sequenced(5, published("p1", "s1")));

    assertThat(decided.apply(suspended("p1")).product().lastSequence()).isEqualTo(5);
  }

  @Test
  void shouldMoveTheLastSequenceWithANoOp() {
    var decided = Decided.after(sequenced(1, published("p1", "s1")));

    assertThat(decided.decide(sequenced(2, Events.resumed("p1"))))
        .isEqualTo(new Decision.NoOp(decided.product().accepted(2L)));
  }

  @Test
  void shouldMoveTheLastSequenceWithADeletion() {
    var decided = Decided.after(sequenced(1, published("p1", "s1")));

    assertThat(decided.apply(sequenced(2, deleted("p1"))).product().lastSequence()).isEqualTo(2);
  }
}
