package dev.sluice.product;

import static dev.sluice.event.Events.allRevoked;
import static dev.sluice.event.Events.approved;
import static dev.sluice.event.Events.deleted;
import static dev.sluice.event.Events.published;
import static dev.sluice.event.Events.publishedWithApproval;
import static dev.sluice.event.Events.replaced;
import static dev.sluice.event.Events.requested;
import static dev.sluice.event.Events.revoked;
import static dev.sluice.event.Events.suspended;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.sluice.contract.RejectionReason;
import dev.sluice.event.Events;
import dev.sluice.product.Decision.RequestChange;
import dev.sluice.update.AccessUpdate;
import dev.sluice.update.AccessUpdate.MembershipChanged;
import dev.sluice.update.AccessUpdate.ProductRevised;
import dev.sluice.update.AccessUpdate.Trigger;
import dev.sluice.update.CommandReason;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Changes of membership, and the messages to each partition. */
class MembershipsTest {

  @Test
  void shouldPrecedeTheFirstMemberOfAPartitionByTheRevision() {
    var decided = Decided.after(published("p1", "s1"));

    var applied = decided.apply(approved("p1", "r1", "cleo"));

    assertThat(applied.updates())
        .containsExactly(
            new ProductRevised(
                "p1",
                cause("AccessApproved-r1"),
                decided.product().copy(),
                false,
                new TreeSet<>(List.of(2)),
                List.of()),
            joins("cleo", "AccessApproved-r1"));
    assertThat(applied.product().members().in(2)).isEqualTo(1);
    assertThat(applied.product().revision()).isEqualTo(1);
  }

  @Test
  void shouldNotRepeatTheRevisionToAPartitionThatHasAMember() {
    var decided = Decided.after(published("p1", "s1"), approved("p1", "r1", "ana"));

    assertThat(decided.apply(approved("p1", "r2", "adam")).updates())
        .containsExactly(joins("adam", "AccessApproved-r2"));
  }

  @Test
  void shouldPrecedeTheFirstMemberOfEveryFurtherPartitionByTheRevision() {
    var decided = Decided.after(published("p1", "s1"), approved("p1", "r1", "ana"));

    assertThat(decided.apply(approved("p1", "r2", "bob")).updates())
        .extracting(AccessUpdate::getClass)
        .isEqualTo(List.of(ProductRevised.class, MembershipChanged.class));
  }

  @Test
  void shouldSendTheNewestRevisionWhereAMemberComesBackToAnEmptiedPartition() {
    var decided =
        Decided.after(
            published("p1", "s1"),
            approved("p1", "r1", "ana"),
            revoked("p1", "r1", "ana"),
            replaced("p1", "s2"));

    var updates = decided.apply(approved("p1", "r2", "ana")).updates();

    assertThat(updates).hasSize(2);
    assertThat(updates.getFirst())
        .isInstanceOfSatisfying(
            ProductRevised.class,
            r -> {
              assertThat(r.copy().revision()).isEqualTo(2);
              assertThat(r.copy().sources()).extracting(s -> s.sourceId()).containsExactly("s2");
            });
  }

  @Test
  void shouldMakeAMemberWhenARequestIsApprovedAtOnce() {
    var decided = Decided.after(published("p1", "s1"));

    assertThat(decided.apply(requested("p1", "r1", "ana")).updates())
        .contains(joins("ana", "AccessRequested-r1"));
  }

  @Test
  void shouldMakeAMemberOfASuspendedProduct() {
    var decided = Decided.after(published("p1", "s1"), suspended("p1"));

    var updates = decided.apply(approved("p1", "r1", "ana")).updates();

    assertThat(updates).contains(joins("ana", "AccessApproved-r1"));
    assertThat(((ProductRevised) updates.getFirst()).copy().active()).isFalse();
  }

  @Test
  void shouldNotMakeAMemberTwiceByASecondRequest() {
    var decided = Decided.after(published("p1", "s1"), approved("p1", "r1", "ana"));

    var applied = decided.apply(approved("p1", "r2", "ana"));

    assertThat(applied.updates()).isEmpty();
    assertThat(applied.product().members().in(0)).isEqualTo(1);
    assertThat(applied.product().requests().in(RequestState.APPROVED)).isEqualTo(2);
  }

  @Test
  void shouldEndTheMembershipWithTheLastApprovedRequest() {
    var decided = Decided.after(published("p1", "s1"), approved("p1", "r1", "ana"));

    var applied = decided.apply(revoked("p1", "r1", "ana"));

    assertThat(applied.updates()).containsExactly(leaves("ana", "AccessRevoked-r1"));
    assertThat(applied.product().members().partitions()).isEmpty();
    assertThat(applied.requests())
        .extracting(RequestChange::accessRemains, c -> c.request().state())
        .containsExactly(tuple(false, RequestState.REVOKED));
  }

  @Test
  void shouldKeepTheMembershipWhileAnotherRequestIsApproved() {
    var decided =
        Decided.after(
            published("p1", "s1"), approved("p1", "r1", "ana"), approved("p1", "r2", "ana"));

    var applied = decided.apply(revoked("p1", "r1", "ana"));

    assertThat(applied.updates()).isEmpty();
    assertThat(applied.product().members().in(0)).isEqualTo(1);
    assertThat(applied.requests())
        .extracting(RequestChange::accessRemains, c -> c.request().requestId())
        .containsExactly(tuple(true, "r1"));
  }

  @Test
  void shouldRevokeEveryApprovedRequestOfAUserAndNobodyElses() {
    var decided =
        Decided.after(
            published("p1", "s1"),
            approved("p1", "r2", "ana"),
            approved("p1", "r1", "ana"),
            approved("p1", "r3", "adam"));

    var applied = decided.apply(allRevoked("p1", "ana"));

    assertThat(applied.updates())
        .containsExactly(
            new MembershipChanged(
                "p1",
                cause("AccessRevoked-ana"),
                "ana",
                false,
                false,
                CommandReason.ACCESS_REVOKED));
    assertThat(applied.requests())
        .extracting(c -> c.request().requestId(), RequestChange::accessRemains)
        .containsExactly(tuple("r1", false), tuple("r2", false));
    assertThat(applied.product().members().in(0)).isEqualTo(1);
  }

  @Test
  void shouldSayWhoRevokedARequestAndWhy() {
    var decided = Decided.after(published("p1", "s1"), approved("p1", "r1", "ana"));

    var request = decided.apply(revoked("p1", "r1", "ana")).requests().getFirst().request();

    assertThat(request.decidedBy()).isEqualTo(Events.ACTOR);
    assertThat(request.decidedAtMs()).isEqualTo(Events.NOON.toEpochMilli());
    assertThat(request.reason()).isEqualTo("left");
  }

  @Test
  void shouldRevokeFromASuspendedProduct() {
    var decided =
        Decided.after(published("p1", "s1"), approved("p1", "r1", "ana"), suspended("p1"));

    assertThat(decided.apply(revoked("p1", "r1", "ana")).updates())
        .containsExactly(leaves("ana", "AccessRevoked-r1"));
  }

  @Test
  void shouldSendNoRevisionToAPartitionThatItsLastMemberLeft() {
    var decided =
        Decided.after(
            published("p1", "s1"),
            approved("p1", "r1", "ana"),
            approved("p1", "r2", "bob"),
            revoked("p1", "r1", "ana"));

    var revised = (ProductRevised) decided.apply(deleted("p1")).updates().getFirst();

    assertThat(revised.partitions()).containsExactly(1);
  }

  @Test
  void shouldRejectRevokingAnUnknownRequest() {
    var decided = Decided.after(published("p1", "s1"), approved("p1", "r1", "ana"));

    assertThat(decided.decide(revoked("p1", "r9", "ana")))
        .isEqualTo(
            new Decision.Rejected(
                RejectionReason.UNKNOWN_REQUEST, "user \"ana\" has no request \"r9\""));
  }

  @Test
  void shouldRejectRevokingAnotherUsersRequest() {
    var decided = Decided.after(published("p1", "s1"), approved("p1", "r1", "ana"));

    assertThat(decided.rejection(revoked("p1", "r1", "bob")))
        .isEqualTo(RejectionReason.UNKNOWN_REQUEST);
  }

  @Test
  void shouldRejectRevokingAPendingRequest() {
    var decided = Decided.after(publishedWithApproval("p1", "s1"), requested("p1", "r1", "ana"));

    assertThat(decided.decide(revoked("p1", "r1", "ana")))
        .isEqualTo(
            new Decision.Rejected(
                RejectionReason.NOT_APPROVED,
                "request \"r1\" is PENDING",
                "The request is not decided yet. To end it, send AccessDenied or"
                    + " AccessRequestCanceled."));
  }

  @Test
  void shouldRejectRevokingTwice() {
    var decided =
        Decided.after(
            published("p1", "s1"), approved("p1", "r1", "ana"), revoked("p1", "r1", "ana"));

    assertThat(decided.rejection(revoked("p1", "r1", "ana")))
        .isEqualTo(RejectionReason.NOT_APPROVED);
  }

  @Test
  void shouldRejectRevokingAllOfAUserWithoutAnyApprovedRequest() {
    var decided = Decided.after(published("p1", "s1"), approved("p1", "r1", "bob"));

    assertThat(decided.decide(allRevoked("p1", "ana")))
        .isEqualTo(
            new Decision.Rejected(
                RejectionReason.NOT_APPROVED, "user \"ana\" has no approved request"));
  }

  private static MembershipChanged joins(String userId, String cause) {
    return new MembershipChanged(
        "p1", cause(cause), userId, true, false, CommandReason.ACCESS_APPROVED);
  }

  /** As the last member in the partition. */
  private static MembershipChanged leaves(String userId, String cause) {
    return new MembershipChanged(
        "p1", cause(cause), userId, false, true, CommandReason.ACCESS_REVOKED);
  }

  private static Trigger cause(String eventId) {
    return new Trigger(eventId, Events.NOON.toEpochMilli());
  }
}
