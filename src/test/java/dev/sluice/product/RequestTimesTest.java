package dev.sluice.product;

import static dev.sluice.event.Events.at;
import static dev.sluice.event.Events.deleted;
import static dev.sluice.event.Events.denied;
import static dev.sluice.event.Events.event;
import static dev.sluice.event.Events.published;
import static dev.sluice.event.Events.requested;
import static dev.sluice.event.Events.revoked;
import static dev.sluice.event.Events.sources;
import static dev.sluice.event.Events.suspended;
import static dev.sluice.event.Events.withId;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.RejectionReason;
import dev.sluice.event.ApprovalPolicy;
import dev.sluice.event.Events;
import dev.sluice.event.Payload;
import dev.sluice.event.ProductEvent;
import dev.sluice.limits.SizeLimits;
import dev.sluice.update.AccessUpdate.MembershipChanged;
import dev.sluice.update.CommandReason;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that lapse, access that starts later, and access that lasts for a duration. */
class RequestTimesTest {
  private static final Instant NOON = Events.NOON;
  private static final long HOUR = Duration.ofHours(1).toMillis();
  private static final ProductEvent REQUESTED = requested("p1", "r1", "ana");
  private static final ExpiryDecider EXPIRY =
      new ExpiryDecider(ExpirySchedule.DEFAULT, userId -> userId.charAt(0) - 'a');

  private static ProductEvent publishedWith(
      @Nullable String pendingFor, @Nullable String maxDuration, String... stages) {
    var policy =
        new ApprovalPolicy(
            "1",
            List.of(),
            null,
            Stream.of(stages)
                .map(
                    id ->
                        new ApprovalPolicy.Stage(
                            null, List.of(new ApprovalPolicy.Approver("USER", id, null))))
                .toList(),
            pendingFor,
            maxDuration);
    return published("p1", sources("s1"), policy);
  }

  private static ProductEvent approves(
      String approver,
      @Nullable Instant expiresAt,
      @Nullable String grantedFor,
      @Nullable Instant startsAt) {
    return event(
        "p1",
        "r1" + approver,
        new Payload.DeterminationMade(
            "r1", approver, Payload.Decision.APPROVE, null, expiresAt, null, grantedFor, startsAt));
  }

  private static ProductEvent approves(String approver) {
    return approves(approver, null, null, null);
  }

  private static ProductEvent approved(
      @Nullable Instant expiresAt, @Nullable String grantedFor, @Nullable Instant startsAt) {
    return event(
        "p1",
        "r1",
        new Payload.AccessApproved("r1", "ana", "boss", expiresAt, grantedFor, startsAt));
  }

  private static Instant in(long hours) {
    return NOON.plus(Duration.ofHours(hours));
  }

  private static AccessRequest r1(Decided decided) {
    return Objects.requireNonNull(decided.find("r1"));
  }

  private static AccessRequest only(Decision.Applied applied) {
    assertThat(applied.requests()).hasSize(1);
    return applied.requests().getFirst().request();
  }

  private static Instant endOf(Decision.Applied applied) {
    var end = only(applied).expiresAtMs();
    return Instant.ofEpochMilli(end == null ? 0 : end);
  }

  private static Decision.@Nullable Applied due(
      Decided decided, AccessRequest request, Due.Kind kind, Instant now) {
    return EXPIRY.decide(decided.product(), decided, request, kind, now.toEpochMilli());
  }

  // lapse

  @Test
  void shouldLapseWithoutADecisionInTime() {
    var decided = Decided.after(publishedWith("P1D", null, "amy"), REQUESTED);
    var request = r1(decided);

    assertThat(ExpirySchedule.DEFAULT.of(request))
        .containsExactly(new Due(in(24).toEpochMilli(), Due.Kind.LAPSE));
    assertThat(due(decided, request, Due.Kind.LAPSE, in(24).minusMillis(1))).isNull();
    var lapsed = Objects.requireNonNull(due(decided, request, Due.Kind.LAPSE, in(30)));
    assertThat(only(lapsed).state()).isEqualTo(RequestState.LAPSED);
    assertThat(only(lapsed).decidedAtMs()).isEqualTo(in(24).toEpochMilli());
    assertThat(only(lapsed).decidedBy()).isNull();
    assertThat(lapsed.updates()).isEmpty();
    assertThat(lapsed.product().requests().in(RequestState.LAPSED)).isEqualTo(1);
    assertThat(lapsed.product().requests().in(RequestState.PENDING)).isZero();
    assertThat(ExpiryDecider.cause(request, Due.Kind.LAPSE, 0).eventId()).isEqualTo("lapse:r1");
  }

  @Test
  void shouldLapseWhileTheProductIsSuspended() {
    var decided = Decided.after(publishedWith("P1D", null, "amy"), REQUESTED, suspended("p1"));
    var request = r1(decided);

    assertThat(due(decided, request, Due.Kind.LAPSE, in(24))).isNotNull();
  }

  @Test
  void shouldDecideByTheTimeOfTheEventWhetherARequestHasLapsed() {
    var late = at(in(-48), REQUESTED);
    var decided = Decided.after(publishedWith("P1D", null, "amy", "bea"), late);

    assertThat(decided.rejection(approves("amy"))).isEqualTo(RejectionReason.NOT_PENDING);
    assertThat(decided.rejection(denied("p1", "r1"))).isEqualTo(RejectionReason.NOT_PENDING);
    assertThat(decided.rejection(approved(null, null, null)))
        .isEqualTo(RejectionReason.NOT_PENDING);
    assertThat(only(decided.apply(at(in(-47), approves("amy")))).stage()).isEqualTo(1);
    assertThat(only(decided.apply(at(in(-47), denied("p1", "r1")))).state())
        .isEqualTo(RequestState.DENIED);
  }

  @Test
  void shouldTakeAnEarlierDecisionAfterTheLapse() {
    var lapsed = Decided.after(publishedWith("P1D", null, "amy", "bea"), at(in(-48), REQUESTED));
    assertThat(r1(lapsed).state()).isEqualTo(RequestState.LAPSED);

    var first = only(lapsed.apply(at(in(-47), approves("amy"))));

    assertThat(first.state()).isEqualTo(RequestState.LAPSED);
    assertThat(first.stage()).isEqualTo(1);
    assertThat(first.decidedBy()).isNull();
    assertThat(first.decidedAtMs()).isEqualTo(in(-24).toEpochMilli());
    assertThat(first.history())
        .extracting(AccessRequest.Step::state)
        .containsExactly(RequestState.PENDING, RequestState.LAPSED);
    var second =
        lapsed.with(lapsed.apply(at(in(-47), approves("amy")))).apply(at(in(-46), approves("bea")));
    assertThat(only(second).state()).isEqualTo(RequestState.APPROVED);
    assertThat(second.product().requests().in(RequestState.LAPSED)).isZero();
  }

  @Test
  void shouldTakeADenialFromAClockThatIsAhead() {
    var decided = Decided.after(publishedWith("PT1H", null, "amy"), REQUESTED);
    var deny =
        event(
            "p1",
            "r1amy",
            new Payload.DeterminationMade("r1", "amy", Payload.Decision.DENY, null, null, null));

    assertThat(only(decided.apply(at(in(2), deny))).state()).isEqualTo(RequestState.DENIED);
    assertThat(only(decided.apply(at(in(2), denied("p1", "r1")))).state())
        .isEqualTo(RequestState.DENIED);
    assertThat(only(decided.apply(at(in(2), Events.canceled("p1", "r1")))).state())
        .isEqualTo(RequestState.CANCELED);
    assertThat(decided.rejection(at(in(2), approves("amy"))))
        .isEqualTo(RejectionReason.NOT_PENDING);
  }

  @Test
  void shouldLapseAtOnceWhatIsReadTooLate() {
    var applied = Decided.after(publishedWith("PT1H", null, "amy")).apply(at(in(-2), REQUESTED));

    assertThat(only(applied).state()).isEqualTo(RequestState.LAPSED);
    assertThat(only(applied).decidedAtMs()).isEqualTo(in(-1).toEpochMilli());
    assertThat(ExpirySchedule.DEFAULT.of(only(applied))).isEmpty();
  }

  @Test
  void shouldNeverLapseOnceApproved() {
    var decided = Decided.after(publishedWith("P1D", null, "amy"), REQUESTED, approves("amy"));
    var request = r1(decided);

    assertThat(request.stateAt(in(99).toEpochMilli())).isEqualTo(RequestState.APPROVED);
    assertThat(due(decided, request, Due.Kind.LAPSE, in(99))).isNull();
  }

  // duration

  @Test
  void shouldEndAccessSoLongAfterItsApproval() {
    var published = publishedWith(null, null, "amy", "bea");
    var decided =
        Decided.after(published, REQUESTED, at(in(-20), approves("amy", in(50), "PT10H", null)));

    assertThat(endOf(decided.apply(approves("bea")))).isEqualTo(in(10));
    assertThat(endOf(decided.apply(approves("bea", in(7), null, null)))).isEqualTo(in(7));
    assertThat(endOf(decided.apply(approves("bea", null, "PT1H", null)))).isEqualTo(in(1));
    assertThat(endOf(decided.apply(approves("bea", null, "P9D", null)))).isEqualTo(in(10));
  }

  @Test
  void shouldGiveEveryApprovalTheLongestDurationOfThePolicy() {
    var staged = Decided.after(publishedWith(null, "P2D", "amy"), REQUESTED);
    var atOnce = Decided.after(publishedWith(null, "P2D"));

    assertThat(endOf(staged.apply(approves("amy")))).isEqualTo(in(48));
    assertThat(endOf(staged.apply(approves("amy", in(99), "P9D", null)))).isEqualTo(in(48));
    assertThat(endOf(staged.apply(approves("amy", null, "PT5H", null)))).isEqualTo(in(5));
    assertThat(endOf(staged.apply(approved(in(99), null, null)))).isEqualTo(in(48));
    assertThat(endOf(atOnce.apply(REQUESTED))).isEqualTo(in(48));
    assertThat(endOf(atOnce.apply(approved(null, null, null)))).isEqualTo(in(48));
  }

  @Test
  void shouldCountARenewalFromItsOwnTime() {
    var decided =
        Decided.after(publishedWith(null, "P2D"), at(in(-40), approved(null, null, null)));

    assertThat(endOf(decided.apply(withId("again", approved(null, null, null))))).isEqualTo(in(48));
    assertThat(decided.decide(at(in(-40), withId("same", approved(null, null, null)))))
        .isInstanceOf(Decision.NoOp.class);
  }

  @Test
  void shouldExpireAtOnceWhatIsReadAfterItsEnd() {
    var decided = Decided.after(publishedWith(null, "P2D"));

    var applied = decided.apply(at(in(-49), REQUESTED));

    assertThat(only(applied).state()).isEqualTo(RequestState.EXPIRED);
    assertThat(applied.updates()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"P1M", "", "PT0S", "30", "-P200000000000D", "P-106751991168D"})
  void shouldRejectWhatIsNoDuration(String text) {
    var decided = Decided.after(publishedWith(null, null, "amy"), REQUESTED);

    assertThat(decided.rejection(approves("amy", null, text, null)))
        .isEqualTo(RejectionReason.INVALID_DURATION);
    assertThat(decided.rejection(approved(null, text, null)))
        .isEqualTo(RejectionReason.INVALID_DURATION);
    assertThat(Decided.after().decide(publishedWith(text, null)))
        .isInstanceOfSatisfying(
            Decision.Rejected.class,
            rejected -> {
              assertThat(rejected.reason()).isEqualTo(RejectionReason.INVALID_POLICY);
              assertThat(rejected.message())
                  .startsWith("pendingFor of the approval policy: \"" + text + "\" is not");
            });
    assertThat(Decided.after().rejection(publishedWith(null, text)))
        .isEqualTo(RejectionReason.INVALID_POLICY);
  }

  // start

  @Test
  void shouldScheduleAccessThatStartsLater() {
    var published = publishedWith(null, null, "amy", "bea");
    var first = approves("amy", null, null, in(6));
    var decided = Decided.after(published, REQUESTED, first);

    var applied = decided.apply(approves("bea", null, "PT4H", in(3)));

    assertThat(only(applied).state()).isEqualTo(RequestState.SCHEDULED);
    assertThat(only(applied).startsAtMs()).isEqualTo(in(6).toEpochMilli());
    assertThat(endOf(applied)).isEqualTo(in(10));
    assertThat(applied.updates()).isEmpty();
    assertThat(applied.product().requests().in(RequestState.SCHEDULED)).isEqualTo(1);
    assertThat(ExpirySchedule.DEFAULT.of(only(applied)))
        .containsExactly(new Due(in(6).toEpochMilli(), Due.Kind.START));
  }

  @Test
  void shouldStartOnTime() {
    var decided = Decided.after(publishedWith(null, null), approved(in(9), null, in(6)));
    var request = r1(decided);

    assertThat(due(decided, request, Due.Kind.START, in(6).minusMillis(1))).isNull();
    var started =
        Objects.requireNonNull(due(decided, request, Due.Kind.START, in(6).plusMillis(5)));
    assertThat(only(started).state()).isEqualTo(RequestState.APPROVED);
    assertThat(only(started).decidedBy()).isEqualTo("boss");
    assertThat(only(started).decidedAtMs()).isEqualTo(Decided.NOW_MS);
    assertThat(only(started).history().getLast())
        .isEqualTo(
            new AccessRequest.Step(RequestState.APPROVED, 0, null, in(6).toEpochMilli(), null));
    assertThat(only(started).grantedAtMs()).isEqualTo(in(6).toEpochMilli() + 5);
    assertThat(started.updates().getLast())
        .isInstanceOfSatisfying(
            MembershipChanged.class,
            changed -> {
              assertThat(changed.member()).isTrue();
              assertThat(changed.reason()).isEqualTo(CommandReason.ACCESS_APPROVED);
              assertThat(changed.cause().eventId()).isEqualTo("start:r1");
              assertThat(changed.cause().occurredAtMs()).isEqualTo(in(6).toEpochMilli());
            });
    var missed = Objects.requireNonNull(due(decided, request, Due.Kind.START, in(9)));
    assertThat(only(missed).state()).isEqualTo(RequestState.EXPIRED);
    assertThat(missed.updates()).isEmpty();
  }

  @Test
  void shouldStartAtOnceFromATimeThatIsPast() {
    var decided = Decided.after(publishedWith(null, null));

    var before = decided.apply(approved(null, "PT5H", in(-1)));
    assertThat(only(before).state()).isEqualTo(RequestState.APPROVED);
    assertThat(endOf(before)).isEqualTo(in(5));
    var between = decided.apply(at(in(-2), approved(null, "PT5H", in(-1))));
    assertThat(only(between).state()).isEqualTo(RequestState.APPROVED);
    assertThat(endOf(between)).isEqualTo(in(4));
  }

  @Test
  void shouldRevokeScheduledAccess() {
    var decided = Decided.after(publishedWith(null, null), approved(null, null, in(6)));

    for (var revocation : List.of(revoked("p1", "r1", "ana"), Events.allRevoked("p1", "ana"))) {
      var applied = decided.apply(revocation);
      assertThat(only(applied).state()).isEqualTo(RequestState.REVOKED);
      assertThat(applied.updates()).isEmpty();
      assertThat(applied.product().requests().in(RequestState.REVOKED)).isEqualTo(1);
      assertThat(applied.product().requests().in(RequestState.SCHEDULED)).isZero();
    }
    assertThat(decided.apply(deleted("p1")).product().requests().in(RequestState.REVOKED))
        .isEqualTo(1);
  }

  @Test
  void shouldMoveTheStartForwardAndNeverBack() {
    var scheduled = Decided.after(publishedWith(null, null), approved(null, null, in(6)));
    var started = Decided.after(publishedWith(null, null), approved(null, null, null));

    var now = scheduled.apply(withId("now", approved(null, null, NOON)));
    assertThat(only(now).state()).isEqualTo(RequestState.APPROVED);
    assertThat(now.updates()).hasSize(2);
    var longer = scheduled.apply(withId("longer", approved(in(99), null, null)));
    assertThat(only(longer).state()).isEqualTo(RequestState.SCHEDULED);
    assertThat(only(longer).startsAtMs()).isEqualTo(in(6).toEpochMilli());
    assertThat(endOf(longer)).isEqualTo(in(99));
    assertThat(only(scheduled.apply(withId("e", approved(null, null, in(4))))).startsAtMs())
        .isEqualTo(in(4).toEpochMilli());
    assertThat(scheduled.decide(withId("later", approved(null, null, in(8)))))
        .isInstanceOf(Decision.NoOp.class);
    var renewed = started.apply(withId("renewed", approved(in(9), null, in(8))));
    assertThat(only(renewed).state()).isEqualTo(RequestState.APPROVED);
    assertThat(endOf(renewed)).isEqualTo(in(9));
  }

  @Test
  void shouldExpireAtOnceWhatEndsBeforeItStarts() {
    var published = publishedWith(null, null);
    var reversed = approved(in(5), null, in(6));

    var request = only(Decided.after(published).apply(reversed));

    assertThat(request.state()).isEqualTo(RequestState.EXPIRED);
    assertThat(request.reason())
        .isEqualTo("its end, %s, is not after its start, %s".formatted(in(5), in(6)));
    assertThat(Decided.after(published, reversed).rejection(revoked("p1", "r1", "ana")))
        .isEqualTo(RejectionReason.NOT_APPROVED);
    assertThat(Decided.after(published, reversed).rejection(Events.allRevoked("p1", "ana")))
        .isEqualTo(RejectionReason.NOT_APPROVED);
  }

  @Test
  void shouldNotStartEarlyBecauseTheProducersClockIsAhead() {
    var decided = Decided.after(publishedWith(null, null, "amy"), REQUESTED);

    assertThat(only(decided.apply(at(in(2), approved(null, null, in(1))))).state())
        .isEqualTo(RequestState.SCHEDULED);
    assertThat(only(decided.apply(at(in(2), approves("amy", null, null, in(1))))).state())
        .isEqualTo(RequestState.SCHEDULED);
  }

  // all three survive that a long text is cut

  @Test
  void shouldKeepTheTimesOfADecisionWhoseTextIsCut() {
    var reason = "x".repeat(2 * SizeLimits.STATE / 100);
    var long1 =
        new Payload.DeterminationMade(
            "r1", "amy", Payload.Decision.APPROVE, reason, in(9), "1", "PT4H", in(6));
    var decided = Decided.after(publishedWith(null, null, "amy"), REQUESTED);

    var request = only(decided.apply(event("p1", "r1amy", long1)));

    assertThat(request.reason()).contains("(cut, had ");
    assertThat(request.startsAtMs()).isEqualTo(in(6).toEpochMilli());
    assertThat(request.expiresAtMs()).isEqualTo(in(9).toEpochMilli());
    var by = "y".repeat(9_999);
    var approval =
        only(
            decided.apply(
                event(
                    "p1", "r1", new Payload.AccessApproved("r1", "ana", by, null, "PT4H", in(6)))));
    assertThat(approval.decidedBy()).contains("(cut, had ");
    assertThat(approval.startsAtMs()).isEqualTo(in(6).toEpochMilli());
    assertThat(approval.expiresAtMs()).isEqualTo(in(6).toEpochMilli() + 4 * HOUR);
  }
}
