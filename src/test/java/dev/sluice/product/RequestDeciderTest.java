package dev.sluice.product;

import static dev.sluice.event.Events.approved;
import static dev.sluice.event.Events.approvedUntil;
import static dev.sluice.event.Events.canceled;
import static dev.sluice.event.Events.denied;
import static dev.sluice.event.Events.determined;
import static dev.sluice.event.Events.policy;
import static dev.sluice.event.Events.published;
import static dev.sluice.event.Events.publishedWithAgreement;
import static dev.sluice.event.Events.publishedWithApproval;
import static dev.sluice.event.Events.requested;
import static dev.sluice.event.Events.requestedAcknowledging;
import static dev.sluice.event.Events.revoked;
import static dev.sluice.event.Events.sources;
import static dev.sluice.event.Events.suspended;
import static dev.sluice.event.Events.updated;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.RejectionReason;
import dev.sluice.event.Agreement;
import dev.sluice.event.Events;
import dev.sluice.event.Payload;
import dev.sluice.event.Payload.ProductUpdated;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Effects of events on requests; {@link MembershipsTest} has those on membership. */
class RequestDeciderTest {
  private static final Instant NOON = Events.NOON;
  private static final Instant LATER = Events.NOON.plusSeconds(60);
  private static final long NOON_MS = Events.NOON.toEpochMilli();

  @Test
  void shouldApproveARequestAtOnceWhereNobodyMustApprove() {
    var applied = Decided.after(published("p1", "s1")).apply(requested("p1", "r1", "ana"));

    assertThat(only(applied))
        .isEqualTo(
            new AccessRequest(
                "r1",
                "ana",
                RequestState.APPROVED,
                null,
                0,
                NOON_MS,
                null,
                NOON_MS,
                null,
                null,
                null,
                null,
                NOON_MS,
                null,
                List.of(),
                List.of(new AccessRequest.Step(RequestState.APPROVED, 0, null, NOON_MS, null))));
    assertThat(applied.product().requests().in(RequestState.APPROVED)).isEqualTo(1);
  }

  @Test
  void shouldApproveARequestAtOnceUnderAPolicyWithoutStages() {
    var decided = Decided.after(published("p1", sources("s1"), policy()));

    assertThat(only(decided.apply(requested("p1", "r1", "ana"))).state())
        .isEqualTo(RequestState.APPROVED);
  }

  @Test
  void shouldLetARequestWaitWhereSomebodyMustApprove() {
    var applied =
        Decided.after(publishedWithApproval("p1", "s1")).apply(requested("p1", "r1", "ana"));

    assertThat(only(applied))
        .isEqualTo(
            new AccessRequest(
                "r1",
                "ana",
                RequestState.PENDING,
                policy("one"),
                0,
                NOON_MS,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                List.of(),
                List.of()));
    assertThat(applied.updates()).isEmpty();
    assertThat(applied.product().requests().in(RequestState.PENDING)).isEqualTo(1);
  }

  @Test
  void shouldKeepThePolicyThatAPendingRequestWasMadeUnder() {
    var update = new ProductUpdated(null, null, null, policy("two", "three"), null, null);
    var decided =
        Decided.after(
            publishedWithApproval("p1", "s1"), requested("p1", "r1", "ana"), updated("p1", update));

    assertThat(only(decided.apply(canceled("p1", "r1"))).policy()).isEqualTo(policy("one"));
  }

  @Test
  void shouldRejectARequestThatDoesNotAcknowledgeTheAgreement() {
    var decided = Decided.after(publishedWithAgreement("p1", "s1"));

    assertThat(decided.decide(requested("p1", "r1", "ana")))
        .isEqualTo(
            new Decision.Rejected(
                RejectionReason.AGREEMENT_NOT_ACKNOWLEDGED,
                "request \"r1\" does not acknowledge the agreement \"dua\""));
  }

  @Test
  void shouldApproveARequestThatAcknowledgesTheAgreement() {
    var decided = Decided.after(publishedWithAgreement("p1", "s1"));

    assertThat(only(decided.apply(requestedAcknowledging("p1", "r1", "ana"))).state())
        .isEqualTo(RequestState.APPROVED);
  }

  @Test
  void shouldAskForAcknowledgementOfARequestThatWaitsForApproversToo() {
    var decided = Decided.after(published("p1", sources("s1"), policy("one"), dua()));

    assertThat(decided.rejection(requested("p1", "r1", "ana")))
        .isEqualTo(RejectionReason.AGREEMENT_NOT_ACKNOWLEDGED);
    assertThat(only(decided.apply(requestedAcknowledging("p1", "r1", "ana"))).state())
        .isEqualTo(RequestState.PENDING);
  }

  @Test
  void shouldLetARequestKeepTheAgreementsThatItWasMadeUnder() {
    var update = new ProductUpdated(null, null, null, null, List.of(dua()), null);
    var decided =
        Decided.after(
            publishedWithApproval("p1", "s1"), requested("p1", "r1", "ana"), updated("p1", update));

    assertThat(only(decided.apply(determined("p1", "r1", Payload.Decision.APPROVE))).state())
        .isEqualTo(RequestState.APPROVED);
    assertThat(decided.rejection(requested("p1", "r2", "ana")))
        .isEqualTo(RejectionReason.AGREEMENT_NOT_ACKNOWLEDGED);
  }

  @Test
  void shouldSayWhenTheAccessHadEndedThatIsRevoked() {
    var decided =
        Decided.after(
            published("p1", "s1"),
            Events.at(NOON.minusSeconds(9), approvedUntil("p1", "r1", "ana", NOON)));
    var ended = "EXPIRED since 2026-01-05T12:00:00Z, and the event is of 2026-01-05T12:01:00Z";

    assertThat(decided.decide(Events.at(LATER, revoked("p1", "r1", "ana"))))
        .isEqualTo(
            new Decision.Rejected(RejectionReason.NOT_APPROVED, "request \"r1\" is " + ended));
    assertThat(decided.decide(Events.at(LATER, Events.allRevoked("p1", "ana"))))
        .isEqualTo(
            new Decision.Rejected(
                RejectionReason.NOT_APPROVED,
                "user \"ana\" has no approved request any more: \"r1\" is " + ended));
  }

  @Test
  void shouldGiveAReasonWhereAnApprovalComesAfterItsOwnEnd() {
    var early = Decided.after(published("p1", "s1"));
    var expired = only(early.apply(approvedUntil("p1", "r1", "ana", NOON.minusSeconds(1))));

    assertThat(expired.state()).isEqualTo(RequestState.EXPIRED);
    assertThat(expired.reason()).isEqualTo("approved after its own end, 2026-01-05T11:59:59Z");
  }

  @Test
  void shouldRevokeAccessThatHoldsNowWhateverTheEventsTime() {
    var until = approvedUntil("p1", "r1", "ana", LATER);
    var decided = Decided.after(published("p1", "s1"), until, approved("p1", "r2", "ana"));

    var one = decided.apply(Events.at(LATER.plusSeconds(1), revoked("p1", "r1", "ana")));

    assertThat(only(one).state()).isEqualTo(RequestState.REVOKED);
    var all = decided.apply(Events.at(LATER.plusSeconds(1), Events.allRevoked("p1", "ana")));
    assertThat(all.requests())
        .extracting(change -> change.request().state())
        .containsExactly(RequestState.REVOKED, RequestState.REVOKED);
  }

  @Test
  void shouldExpireAnApprovalThatOccurredAfterItsOwnEndWhileTheClockIsBeforeIt() {
    var late = Events.at(LATER.plusSeconds(1), approvedUntil("p1", "r1", "ana", LATER));

    var expired = only(Decided.after(published("p1", "s1")).apply(late));

    assertThat(expired.state()).isEqualTo(RequestState.EXPIRED);
    assertThat(expired.reason()).isEqualTo("approved after its own end, 2026-01-05T12:01:00Z");
    var timely = Events.at(NOON, approvedUntil("p1", "r1", "ana", LATER));
    assertThat(only(Decided.after(published("p1", "s1"), late).apply(timely)).state())
        .isEqualTo(RequestState.APPROVED);
  }

  @Test
  void shouldEndAccessByAnApprovalThatOccurredAfterItsNewEnd() {
    var decided =
        Decided.after(
            published("p1", "s1"), approvedUntil("p1", "r1", "ana", LATER.plusSeconds(9)));
    var late = Events.at(LATER.plusSeconds(1), approvedUntil("p1", "r1", "ana", LATER));

    var applied = decided.apply(late);

    assertThat(only(applied).state()).isEqualTo(RequestState.EXPIRED);
  }

  @Test
  void shouldRejectADeterminationUnderTheIdOfAnother() {
    var passing = determined("p1", "r1", Payload.Decision.APPROVE);
    var decided =
        Decided.after(
            published("p1", sources("s1"), policy("one", "two")),
            requested("p1", "r1", "ana"),
            passing);
    var deny = Events.withId(passing.eventId(), determined("p1", "r1", Payload.Decision.DENY));
    var other =
        Events.event(
            "p1",
            "r1",
            new Payload.DeterminationMade(
                "r1", "another", Payload.Decision.APPROVE, null, null, null));
    var secondStage =
        Events.event(
            "p1",
            "r1",
            new Payload.DeterminationMade("r1", "boss", Payload.Decision.APPROVE, null, null, "2"));

    assertThat(decided.decide(deny))
        .isEqualTo(
            new Decision.Rejected(
                RejectionReason.EVENT_ID_REUSED,
                "the approval of stage 1 of 2 (\"one\") of request \"r1\", by \"boss\", had"
                    + " this eventId, and said something else"));
    assertThat(decided.rejection(other)).isEqualTo(RejectionReason.EVENT_ID_REUSED);
    assertThat(decided.rejection(secondStage)).isEqualTo(RejectionReason.EVENT_ID_REUSED);
    assertThat(decided.decide(passing)).isEqualTo(new Decision.Duplicate());
  }

  @Test
  void shouldRejectARequestThatWasMadeBefore() {
    var decided = Decided.after(publishedWithApproval("p1", "s1"), requested("p1", "r1", "ana"));

    assertThat(decided.decide(requested("p1", "r1", "ana")))
        .isEqualTo(
            new Decision.Rejected(
                RejectionReason.REQUEST_EXISTS, "request \"r1\" was made before"));
  }

  @Test
  void shouldApproveAPendingRequest() {
    var decided = Decided.after(publishedWithApproval("p1", "s1"), requested("p1", "r1", "ana"));

    var request = only(decided.apply(approved("p1", "r1", "ana")));

    assertThat(request.state()).isEqualTo(RequestState.APPROVED);
    assertThat(request.decidedBy()).isEqualTo("boss");
    assertThat(request.decidedAtMs()).isEqualTo(NOON_MS);
  }

  @Test
  void shouldApproveWithoutARequestBeforeAndWithoutAsking() {
    var decided = Decided.after(published("p1", sources("s1"), policy("one"), dua()));

    var applied = decided.apply(approved("p1", "r1", "ana"));

    assertThat(only(applied).state()).isEqualTo(RequestState.APPROVED);
    assertThat(only(applied).policy()).isNull();
    assertThat(applied.product().requests().total()).isEqualTo(1);
  }

  @Test
  void shouldTakeApprovingAnApprovedRequestForANoOp() {
    var decided = Decided.after(published("p1", "s1"), approved("p1", "r1", "ana"));

    assertThat(decided.decide(approved("p1", "r1", "ana")))
        .isEqualTo(new Decision.NoOp(decided.product()));
  }

  @Test
  void shouldRejectApprovingAnotherUsersRequest() {
    var decided = Decided.after(publishedWithApproval("p1", "s1"), requested("p1", "r1", "ana"));

    assertThat(decided.decide(approved("p1", "r1", "bob")))
        .isEqualTo(
            new Decision.Rejected(
                RejectionReason.REQUEST_EXISTS, "request \"r1\" is of user \"ana\""));
  }

  @ParameterizedTest
  @EnumSource(names = {"DENIED", "CANCELED", "REVOKED"})
  void shouldRejectApprovingARequestThatIsOver(RequestState state) {
    assertThat(ended(state).decide(approved("p1", "r1", "ana")))
        .isEqualTo(
            new Decision.Rejected(RejectionReason.NOT_PENDING, "request \"r1\" is " + state));
  }

  @Test
  void shouldApproveUntilAnEnd() {
    var applied =
        Decided.after(published("p1", "s1")).apply(approvedUntil("p1", "r1", "ana", LATER));

    assertThat(only(applied).state()).isEqualTo(RequestState.APPROVED);
    assertThat(only(applied).expiresAtMs()).isEqualTo(LATER.toEpochMilli());
  }

  @Test
  void shouldGrantNothingWhereTheEndIsPast() {
    var applied =
        Decided.after(published("p1", "s1")).apply(approvedUntil("p1", "r1", "ana", Events.NOON));

    assertThat(only(applied).state()).isEqualTo(RequestState.EXPIRED);
    assertThat(applied.updates()).isEmpty();
    assertThat(applied.product().requests().in(RequestState.EXPIRED)).isEqualTo(1);
  }

  @Test
  void shouldMoveTheEndOfWhatIsApproved() {
    var decided = Decided.after(published("p1", "s1"), approvedUntil("p1", "r1", "ana", LATER));

    var applied = decided.apply(approved("p1", "r1", "ana"));

    assertThat(only(applied).state()).isEqualTo(RequestState.APPROVED);
    assertThat(only(applied).expiresAtMs()).isNull();
    assertThat(applied.updates()).isEmpty();
    assertThat(applied.product().requests().in(RequestState.APPROVED)).isEqualTo(1);
  }

  @Test
  void shouldEndWhatIsApprovedWhereItsNewEndIsPast() {
    var decided = Decided.after(published("p1", "s1"), approved("p1", "r1", "ana"));

    var applied = decided.apply(approvedUntil("p1", "r1", "ana", Events.NOON));

    assertThat(only(applied).state()).isEqualTo(RequestState.EXPIRED);
    assertThat(applied.updates()).hasSize(1);
  }

  @Test
  void shouldTakeApprovingUntilTheSameEndForANoOp() {
    var decided = Decided.after(published("p1", "s1"), approvedUntil("p1", "r1", "ana", LATER));

    assertThat(decided.decide(approvedUntil("p1", "r1", "ana", LATER)))
        .isInstanceOf(Decision.NoOp.class);
  }

  @Test
  void shouldDenyAPendingRequest() {
    var decided = Decided.after(publishedWithApproval("p1", "s1"), requested("p1", "r1", "ana"));

    var applied = decided.apply(denied("p1", "r1"));

    assertThat(only(applied).state()).isEqualTo(RequestState.DENIED);
    assertThat(only(applied).decidedBy()).isEqualTo(Events.ACTOR);
    assertThat(only(applied).reason()).isEqualTo("no need");
    assertThat(applied.updates()).isEmpty();
    assertThat(applied.product().requests().in(RequestState.DENIED)).isEqualTo(1);
  }

  @Test
  void shouldCancelAPendingRequest() {
    var decided = Decided.after(publishedWithApproval("p1", "s1"), requested("p1", "r1", "ana"));

    var applied = decided.apply(canceled("p1", "r1"));

    assertThat(only(applied).state()).isEqualTo(RequestState.CANCELED);
    assertThat(only(applied).reason()).isEqualTo("changed");
    assertThat(applied.updates()).isEmpty();
  }

  @Test
  void shouldDecideAboutRequestsOfASuspendedProduct() {
    var decided =
        Decided.after(
            publishedWithApproval("p1", "s1"), requested("p1", "r1", "ana"), suspended("p1"));

    assertThat(only(decided.apply(denied("p1", "r1"))).state()).isEqualTo(RequestState.DENIED);
  }

  @Test
  void shouldRejectDenyingAnUnknownRequest() {
    assertThat(Decided.after(published("p1")).decide(denied("p1", "r1")))
        .isEqualTo(
            new Decision.Rejected(
                RejectionReason.UNKNOWN_REQUEST, "the product has no request \"r1\""));
  }

  @Test
  void shouldRejectCancelingAnUnknownRequest() {
    assertThat(Decided.after(published("p1")).rejection(canceled("p1", "r1")))
        .isEqualTo(RejectionReason.UNKNOWN_REQUEST);
  }

  @Test
  void shouldRejectDenyingAnApprovedRequest() {
    var decided = Decided.after(published("p1"), approved("p1", "r1", "ana"));

    assertThat(decided.rejection(denied("p1", "r1"))).isEqualTo(RejectionReason.NOT_PENDING);
  }

  @ParameterizedTest
  @EnumSource(names = {"DENIED", "CANCELED", "REVOKED"})
  void shouldRejectCancelingARequestThatIsOver(RequestState state) {
    assertThat(ended(state).rejection(canceled("p1", "r1"))).isEqualTo(RejectionReason.NOT_PENDING);
  }

  @Test
  void shouldDropADeterminationThatPassedAStageBefore() {
    var passing = determined("p1", "r1", Payload.Decision.APPROVE);
    var first =
        Decided.after(
            published("p1", sources("s1"), policy("one", "two")),
            requested("p1", "r1", "ana"),
            passing);

    assertThat(first.decide(passing)).isEqualTo(new Decision.Duplicate());
    assertThat(only(first.apply(Events.withId("another", passing))).state())
        .isEqualTo(RequestState.APPROVED);
  }

  @Test
  void shouldDropTheDeterminationThatApprovedTheRequest() {
    var passing = determined("p1", "r1", Payload.Decision.APPROVE);
    var decided =
        Decided.after(publishedWithApproval("p1", "s1"), requested("p1", "r1", "ana"), passing);

    assertThat(decided.decide(passing)).isEqualTo(new Decision.Duplicate());
  }

  @Test
  void shouldRejectADeterminationOfAnUnknownRequest() {
    assertThat(
            Decided.after(published("p1"))
                .rejection(determined("p1", "r1", Payload.Decision.APPROVE)))
        .isEqualTo(RejectionReason.UNKNOWN_REQUEST);
  }

  @Test
  void shouldRejectADeterminationOfADecidedRequest() {
    var decided = Decided.after(published("p1"), approved("p1", "r1", "ana"));

    assertThat(decided.rejection(determined("p1", "r1", Payload.Decision.DENY)))
        .isEqualTo(RejectionReason.NOT_PENDING);
  }

  private static Agreement dua() {
    return new Agreement("dua", null);
  }

  private static Decided ended(RequestState state) {
    var published = publishedWithApproval("p1", "s1");
    var requested = requested("p1", "r1", "ana");
    return switch (state) {
      case DENIED -> Decided.after(published, requested, denied("p1", "r1"));
      case CANCELED -> Decided.after(published, requested, canceled("p1", "r1"));
      case REVOKED ->
          Decided.after(
              published, requested, approved("p1", "r1", "ana"), revoked("p1", "r1", "ana"));
      default -> throw new AssertionError(state + " is not over");
    };
  }

  private static AccessRequest only(Decision.Applied applied) {
    assertThat(applied.requests()).hasSize(1);
    return List.copyOf(applied.requests()).getFirst().request();
  }
}
