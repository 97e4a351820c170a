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
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Approval in stages: first amy or ali, then bea. */
class StagesTest {
  private static final ApprovalPolicy POLICY = policy(stage("amy", "ali"), stage("bea"));
  private static final ProductEvent PUBLISHED = published("p1", sources("s1"), POLICY);
  private static final ProductEvent REQUESTED = requested("p1", "r1", "ana");

  private static ApprovalPolicy policy(Stage... stages) {
    return new ApprovalPolicy("1", List.of(), null, List.of(stages));
  }

  private static Stage stage(String... approvers) {
    return new Stage(null, Stream.of(approvers).map(id -> new Approver("USER", id, null)).toList());
  }

  private static ProductEvent says(String approver, Payload.Decision decision) {
    return says(approver, decision, null);
  }

  private static ProductEvent says(
      String approver, Payload.Decision decision, @Nullable Instant expiresAt) {
    return event(
        "p1",
        "r1" + approver,
        new Payload.DeterminationMade("r1", approver, decision, "because", expiresAt, null));
  }

  private static AccessRequest only(Decision.Applied applied) {
    assertThat(applied.requests()).hasSize(1);
    return applied.requests().getFirst().request();
  }

  @Test
  void shouldWaitAtTheNextStageAfterTheFirst() {
    var applied = Decided.after(PUBLISHED, REQUESTED).apply(says("ali", Payload.Decision.APPROVE));

    assertThat(only(applied).state()).isEqualTo(RequestState.PENDING);
    assertThat(only(applied).stage()).isEqualTo(1);
    assertThat(only(applied).decidedBy()).isEqualTo("ali");
    assertThat(applied.updates()).isEmpty();
  }

  @Test
  void shouldApproveWithTheLastStage() {
    var applied =
        Decided.after(PUBLISHED, REQUESTED, says("amy", Payload.Decision.APPROVE))
            .apply(says("bea", Payload.Decision.APPROVE));

    assertThat(only(applied).state()).isEqualTo(RequestState.APPROVED);
    assertThat(applied.updates()).hasSize(2);
  }

  private static ProductEvent about(@Nullable String stage, String approver) {
    return event(
        "p1",
        "r1-" + approver + stage,
        new Payload.DeterminationMade("r1", approver, Payload.Decision.APPROVE, null, null, stage));
  }

  @Test
  void shouldPassOneStageByTwoClicks() {
    var both = published("p1", sources("s1"), policy(stage("amy"), stage("amy")));
    var decided = Decided.after(both, REQUESTED, about("1", "amy"));

    assertThat(decided.decide(withId("again", about("1", "amy"))))
        .isEqualTo(
            new Decision.Rejected(
                RejectionReason.NOT_PENDING,
                "request \"r1\" waits at stage 2 of 2, the determination is about stage \"1\""));
    assertThat(only(decided.apply(about("2", "amy"))).state()).isEqualTo(RequestState.APPROVED);
  }

  @Test
  void shouldKnowAStageByItsNameBeforeItsNumber() {
    var amy = List.of(new Approver("USER", "amy", null));
    var named =
        published("p1", sources("s1"), policy(new Stage("Legal", amy), new Stage("1", amy)));
    var first = Decided.after(named, REQUESTED);
    var second = Decided.after(named, REQUESTED, about("Legal", "amy"));

    assertThat(first.rejection(about("1", "amy"))).isEqualTo(RejectionReason.NOT_PENDING);
    assertThat(first.rejection(about("legal", "amy"))).isEqualTo(RejectionReason.NOT_PENDING);
    assertThat(only(second.apply(about("1", "amy"))).state()).isEqualTo(RequestState.APPROVED);
    assertThat(only(second.apply(about("2", "amy"))).state()).isEqualTo(RequestState.APPROVED);
  }

  @Test
  void shouldNotLetAnApproverApproveTheirOwnRequest() {
    var own = published("p1", sources("s1"), policy(stage("ana", "amy")));
    var decided = Decided.after(own, REQUESTED);
    var allowed = Decided.after(new DecisionRules(EventPlacement.ANY, 1, true), own, REQUESTED);

    assertThat(decided.rejection(says("ana", Payload.Decision.APPROVE)))
        .isEqualTo(RejectionReason.SELF_APPROVAL);
    assertThat(only(decided.apply(says("ana", Payload.Decision.DENY))).state())
        .isEqualTo(RequestState.DENIED);
    assertThat(only(allowed.apply(says("ana", Payload.Decision.APPROVE))).state())
        .isEqualTo(RequestState.APPROVED);
  }

  @Test
  void shouldDenyAtAnyStage() {
    var applied =
        Decided.after(PUBLISHED, REQUESTED, says("amy", Payload.Decision.APPROVE))
            .apply(says("bea", Payload.Decision.DENY));

    assertThat(only(applied).state()).isEqualTo(RequestState.DENIED);
    assertThat(only(applied).reason()).isEqualTo("because");
  }

  @Test
  void shouldRejectADeterminationBySomebodyElse() {
    var decided = Decided.after(PUBLISHED, REQUESTED);

    assertThat(decided.rejection(says("ana", Payload.Decision.APPROVE)))
        .isEqualTo(RejectionReason.NOT_AN_APPROVER);
  }

  @Test
  void shouldRejectADeterminationOutOfTurn() {
    var decided = Decided.after(PUBLISHED, REQUESTED);

    assertThat(decided.rejection(says("bea", Payload.Decision.DENY)))
        .isEqualTo(RejectionReason.NOT_AN_APPROVER);
  }

  @Test
  void shouldTakeTheEarliestEndOfAllStages() {
    var early = Events.NOON.plusSeconds(10);
    var applied =
        Decided.after(PUBLISHED, REQUESTED, says("amy", Payload.Decision.APPROVE, early))
            .apply(says("bea", Payload.Decision.APPROVE, Events.NOON.plusSeconds(20)));

    assertThat(only(applied).expiresAtMs()).isEqualTo(early.toEpochMilli());
  }

  @Test
  void shouldKeepThePolicyThatARequestWasMadeUnder() {
    var other =
        updated(
            "p1", new Payload.ProductUpdated(null, null, null, policy(stage("cy")), null, null));
    var decided = Decided.after(PUBLISHED, REQUESTED, other);

    assertThat(decided.rejection(says("cy", Payload.Decision.APPROVE)))
        .isEqualTo(RejectionReason.NOT_AN_APPROVER);
    assertThat(only(decided.apply(says("amy", Payload.Decision.APPROVE))).stage()).isEqualTo(1);
  }

  @Test
  void shouldRefuseAPolicyWithAStageThatListsNobody() {
    var nobody = published("p1", sources("s1"), policy(stage("amy"), stage()));

    assertThat(Decided.after().rejection(nobody)).isEqualTo(RejectionReason.INVALID_POLICY);
  }

  @Test
  void shouldRefuseAnUpdateToAPolicyWithAStageThatListsNobody() {
    var nobody =
        updated("p1", new Payload.ProductUpdated(null, null, null, policy(stage()), null, null));

    assertThat(Decided.after(PUBLISHED).rejection(nobody))
        .isEqualTo(RejectionReason.INVALID_POLICY);
  }

  @Test
  void shouldRefuseAnApproverWhoIsNoUser() {
    var group = policy(new Stage(null, List.of(new Approver("GROUP", "everybody", null))));

    assertThat(Decided.after().rejection(published("p1", sources("s1"), group)))
        .isEqualTo(RejectionReason.INVALID_POLICY);
  }
}
