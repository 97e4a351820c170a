package dev.sluice.product;

import static dev.sluice.event.Events.event;
import static dev.sluice.event.Events.published;
import static dev.sluice.event.Events.requested;
import static dev.sluice.event.Events.sources;
import static dev.sluice.event.Events.updated;
import static dev.sluice.event.Events.withId;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.RejectionReason;
import dev.sluice.event.ApprovalPolicy;
import dev.sluice.event.ApprovalPolicy.Approver;
import dev.sluice.event.ApprovalPolicy.Stage;
import dev.sluice.event.Events;
import dev.sluice.event.Payload;
import dev.sluice.event.ProductEvent;
import dev.sluice.limits.SizeLimits;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Stages that need several approvals, and approvers who are replaced. */
class QuorumTest {
  private static final ProductEvent REQUESTED = requested("p1", "r1", "ana");

  private static Stage stage(int needed, String... approvers) {
    return new Stage(null, approvers(approvers), needed);
  }

  private static List<Approver> approvers(String... ids) {
    return Stream.of(ids).map(id -> new Approver("USER", id, null)).toList();
  }

  private static ProductEvent publishedWith(Stage... stages) {
    return published(
        "p1", sources("s1"), new ApprovalPolicy("1", List.of(), null, List.of(stages)));
  }

  private static ProductEvent approves(String approver) {
    return says(approver, Payload.Decision.APPROVE);
  }

  private static ProductEvent says(String approver, Payload.Decision decision) {
    return event(
        "p1",
        "r1" + approver,
        new Payload.DeterminationMade("r1", approver, decision, null, null, null));
  }

  private static ProductEvent replaced(@Nullable String stage, String... ids) {
    return event(
        "p1",
        "r1-approvers",
        new Payload.ApproversReplaced("r1", stage, approvers(ids), "somebody left"));
  }

  private static AccessRequest only(Decision.Applied applied) {
    assertThat(applied.requests()).hasSize(1);
    return applied.requests().getFirst().request();
  }

  @Test
  void shouldPassAStageByTwoOfThree() {
    var first =
        Decided.after(publishedWith(stage(2, "amy", "ben", "cid")), REQUESTED)
            .apply(approves("cid"));

    assertThat(only(first).state()).isEqualTo(RequestState.PENDING);
    assertThat(only(first).stage()).isZero();
    assertThat(only(first).approvedBy()).containsExactly("cid");
    assertThat(only(first).pendingApprovers()).containsExactly("amy", "ben");
    assertThat(first.updates()).isEmpty();

    var second =
        Decided.after(publishedWith(stage(2, "amy", "ben", "cid")), REQUESTED, approves("cid"))
            .apply(approves("amy"));

    assertThat(only(second).state()).isEqualTo(RequestState.APPROVED);
    assertThat(second.updates()).hasSize(2);
  }

  @Test
  void shouldCountAnApproverOnce() {
    var decided = Decided.after(publishedWith(stage(2, "amy", "ben")), REQUESTED, approves("amy"));

    assertThat(decided.decide(approves("amy"))).isEqualTo(new Decision.Duplicate());
    assertThat(decided.decide(withId("again", approves("amy")))).isInstanceOf(Decision.NoOp.class);
    assertThat(decided.rejection(withId("again", approves("cid"))))
        .isEqualTo(RejectionReason.NOT_AN_APPROVER);
    assertThat(decided.rejection(withId(approves("amy").eventId(), approves("ben"))))
        .isEqualTo(RejectionReason.EVENT_ID_REUSED);
  }

  @Test
  void shouldCountAnApproverInEachStage() {
    var decided =
        Decided.after(
            publishedWith(stage(1, "amy"), stage(2, "amy", "ben")), REQUESTED, approves("amy"));

    var applied = decided.apply(withId("second", approves("amy")));

    assertThat(only(applied).stage()).isEqualTo(1);
    assertThat(only(applied).approvedBy()).containsExactly("amy");
    assertThat(decided.decide(approves("amy"))).isEqualTo(new Decision.Duplicate());
  }

  @Test
  void shouldDenyByOne() {
    var decided =
        Decided.after(publishedWith(stage(2, "amy", "ben", "cid")), REQUESTED, approves("amy"));

    assertThat(only(decided.apply(says("ben", Payload.Decision.DENY))).state())
        .isEqualTo(RequestState.DENIED);
    assertThat(only(decided.apply(withId("back", says("amy", Payload.Decision.DENY)))).state())
        .isEqualTo(RequestState.DENIED);
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 3})
  void shouldRejectAPolicyThatNeedsMoreThanItLists(int needed) {
    var decision =
        Decided.after().decide(publishedWith(stage(1, "amy"), stage(needed, "ben", "cid", "ben")));

    assertThat(decision)
        .isEqualTo(
            new Decision.Rejected(
                RejectionReason.INVALID_POLICY,
                "stage 2 needs %d approvals and lists 2 approvers".formatted(needed)));
    assertThat(
            Decided.after(publishedWith(stage(1, "amy")))
                .rejection(
                    updated(
                        "p1",
                        new Payload.ProductUpdated(
                            null,
                            null,
                            null,
                            new ApprovalPolicy(
                                null, List.of(), null, List.of(stage(needed, "ben", "cid"))),
                            null,
                            null))))
        .isEqualTo(RejectionReason.INVALID_POLICY);
  }

  @Test
  void shouldLetTheNewApproverDecide() {
    var published = publishedWith(stage(1, "amy"), stage(1, "bea"));
    var before = Decided.after(published, REQUESTED);

    var applied = before.apply(replaced(null, "dan", "eva"));

    assertThat(only(applied).pendingApprovers()).containsExactly("dan", "eva");
    assertThat(only(applied).history().getLast())
        .isEqualTo(
            new AccessRequest.Step(
                RequestState.PENDING, 0, "api", Decided.NOW_MS, "somebody left"));
    assertThat(applied.product().policy()).isEqualTo(before.product().policy());
    var after = Decided.after(published, REQUESTED, replaced(null, "dan", "eva"));
    assertThat(after.rejection(approves("amy"))).isEqualTo(RejectionReason.NOT_AN_APPROVER);
    assertThat(only(after.apply(approves("eva"))).stage()).isEqualTo(1);
    assertThat(after.decide(withId("again", replaced(null, "dan", "eva"))))
        .isInstanceOf(Decision.NoOp.class);
  }

  @Test
  void shouldNoLongerCountTheApprovalOfAReplacedApprover() {
    var decided =
        Decided.after(
            publishedWith(stage(2, "amy", "ben")),
            REQUESTED,
            approves("amy"),
            replaced(null, "ben", "cid"));

    var ben = only(decided.apply(approves("ben")));

    assertThat(ben.state()).isEqualTo(RequestState.PENDING);
    assertThat(ben.approvedBy()).containsExactly("ben");
    assertThat(ben.pendingApprovers()).containsExactly("cid");
    assertThat(decided.decide(approves("amy"))).isEqualTo(new Decision.Duplicate());
  }

  @Test
  void shouldNotCountAnEarlierApprovalOfAnApproverWhoIsListedAgain() {
    var decided =
        Decided.after(
            publishedWith(stage(2, "amy", "ben", "cid")),
            REQUESTED,
            approves("amy"),
            replaced(null, "ben", "cid"),
            withId("back", replaced(null, "amy", "ben")),
            approves("ben"));

    assertThat(decided.find("r1"))
        .satisfies(
            request -> {
              assertThat(request.state()).isEqualTo(RequestState.PENDING);
              assertThat(request.pendingApprovers()).containsExactly("amy");
            });
    assertThat(decided.decide(approves("amy"))).isEqualTo(new Decision.Duplicate());
    assertThat(only(decided.apply(withId("again", approves("amy")))).state())
        .isEqualTo(RequestState.APPROVED);
  }

  @Test
  void shouldForgetTheTimesOfAnApprovalThatNoLongerCounts() {
    var soon = Events.NOON.plusSeconds(60);
    var limited =
        event(
            "p1",
            "r1amy",
            new Payload.DeterminationMade(
                "r1", "amy", Payload.Decision.APPROVE, null, soon, null, "PT1H", soon));
    var decided =
        Decided.after(
            publishedWith(stage(2, "amy", "ben", "cid")),
            REQUESTED,
            limited,
            replaced(null, "ben", "cid"),
            approves("ben"));

    var request = only(decided.apply(approves("cid")));

    assertThat(request.state()).isEqualTo(RequestState.APPROVED);
    assertThat(request.expiresAtMs()).isNull();
    assertThat(request.startsAtMs()).isNull();
  }

  @Test
  void shouldRejectMoreApproversThanAnEventMayHave() {
    var ids =
        IntStream.range(0, SizeLimits.ELEMENTS - 5).mapToObj(i -> "a" + i).toArray(String[]::new);
    var decided =
        Decided.after(
            publishedWith(stage(1, "amy"), stage(1, "ben")), REQUESTED, replaced("2", ids));

    assertThat(decided.rejection(withId("more", replaced("1", ids))))
        .isEqualTo(RejectionReason.TOO_LARGE);
  }

  @Test
  void shouldReplaceTheApproversOfAStageThatIsNamed() {
    var published = publishedWith(stage(1, "amy"), stage(1, "bea"));
    var decided = Decided.after(published, REQUESTED, replaced("2", "dan"), approves("amy"));
    var later = Decided.after(published, REQUESTED, approves("amy"));

    assertThat(only(decided.apply(approves("dan"))).state()).isEqualTo(RequestState.APPROVED);
    assertThat(later.decide(replaced("1", "dan")))
        .isEqualTo(
            new Decision.Rejected(
                RejectionReason.NOT_PENDING,
                "request \"r1\" waits at stage 2 of 2, and no stage from there on is \"1\""));
    assertThat(later.rejection(replaced("3", "dan"))).isEqualTo(RejectionReason.NOT_PENDING);
  }

  @Test
  void shouldRejectApproversWhoCouldNotPassTheStage() {
    var decided = Decided.after(publishedWith(stage(2, "amy", "ben")), REQUESTED);

    assertThat(decided.decide(replaced(null, "dan", "dan")))
        .isEqualTo(
            new Decision.Rejected(
                RejectionReason.INVALID_POLICY,
                "stage 1 of 1 needs 2 approvals and lists 1 approvers"));
    assertThat(decided.rejection(replaced(null))).isEqualTo(RejectionReason.INVALID_POLICY);
    assertThat(
            decided.rejection(
                event("p1", "r2", new Payload.ApproversReplaced("r2", null, approvers("d"), null))))
        .isEqualTo(RejectionReason.UNKNOWN_REQUEST);
  }

  @Test
  void shouldNotReplaceTheApproversOfARequestThatIsDecided() {
    var decided = Decided.after(publishedWith(stage(1, "amy")), REQUESTED, approves("amy"));

    assertThat(decided.rejection(replaced(null, "dan"))).isEqualTo(RejectionReason.NOT_PENDING);
  }
}
