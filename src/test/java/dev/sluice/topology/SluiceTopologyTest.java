package dev.sluice.topology;

import static dev.sluice.event.Events.allRevoked;
import static dev.sluice.event.Events.approved;
import static dev.sluice.event.Events.canceled;
import static dev.sluice.event.Events.deleted;
import static dev.sluice.event.Events.denied;
import static dev.sluice.event.Events.determined;
import static dev.sluice.event.Events.published;
import static dev.sluice.event.Events.publishedWithAgreement;
import static dev.sluice.event.Events.publishedWithApproval;
import static dev.sluice.event.Events.renamed;
import static dev.sluice.event.Events.replaced;
import static dev.sluice.event.Events.requested;
import static dev.sluice.event.Events.requestedAcknowledging;
import static dev.sluice.event.Events.resumed;
import static dev.sluice.event.Events.revoked;
import static dev.sluice.event.Events.source;
import static dev.sluice.event.Events.suspended;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.avro.AccessAction;
import dev.sluice.avro.AccessCommand;
import dev.sluice.avro.CommandReason;
import dev.sluice.avro.ProductState;
import dev.sluice.avro.RequestState;
import dev.sluice.event.Events;
import dev.sluice.event.Payload;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Tests the records that each type of event causes on the output topics. */
class SluiceTopologyTest {
  private final Driver driver = new Driver();

  @AfterEach
  void close() {
    driver.close();
  }

  @Test
  void shouldPublishAStatusAndNoCommandOfANewProduct() {
    driver.put(published("p1", "s2", "s1"));

    assertThat(driver.commands()).isEmpty();
    var status = driver.productStatuses().getFirst();
    assertThat(status.key()).isEqualTo("p1");
    assertThat(status.value().getState()).isEqualTo(ProductState.ACTIVE);
    assertThat(status.value().getRevision()).isEqualTo(1);
    assertThat(status.value().getName()).isEqualTo("Sales");
    assertThat(status.value().getDataSources())
        .extracting(s -> s.getSourceId() + ":" + s.getSourceType())
        .containsExactly("s1:Snowflake", "s2:Snowflake");
    assertThat(status.value().getStats().getDataSourceCount()).isEqualTo(2);
    assertThat(status.value().getCauseEventId()).isEqualTo("ProductPublished-p1");
    assertThat(status.value().getUpdatedAt()).isEqualTo(Events.NOON);
  }

  @Test
  void shouldEmitNoCommandForAnUpdate() {
    driver.given(published("p1", "s1"), approved("p1", "r1", "ana"));

    driver.put(renamed("p1", "Other"));

    assertThat(driver.commands()).isEmpty();
    var status = driver.productStatuses().getFirst().value();
    assertThat(status.getName()).isEqualTo("Other");
    assertThat(status.getRevision()).isEqualTo(1);
    assertThat(driver.requestStatuses()).isEmpty();
  }

  @Test
  void shouldGrantWhatIsNewAndRevokeWhatIsGoneWhenSourcesAreReplaced() {
    driver.given(published("p1", "s1", "s2"), approved("p1", "r1", "ana"));

    driver.put(replaced("p1", "s2", "s3"));

    assertThat(driver.commands())
        .containsExactly("GRANT ana s3 p1 SOURCE_ADDED", "REVOKE ana s1 p1 SOURCE_REMOVED");
    assertThat(driver.productStatuses().getFirst().value().getRevision()).isEqualTo(2);
    assertThat(driver.requestStatuses()).isEmpty();
  }

  @Test
  void shouldRevokeFromMembersAndLeaveRequestsWhenAProductIsSuspended() {
    driver.given(published("p1", "s1"), approved("p1", "r1", "ana"));

    driver.put(suspended("p1"));

    assertThat(driver.commands()).containsExactly("REVOKE ana s1 p1 PRODUCT_SUSPENDED");
    var status = driver.productStatuses().getFirst().value();
    assertThat(status.getState()).isEqualTo(ProductState.SUSPENDED);
    assertThat(status.getStats().getApprovedRequestCount()).isEqualTo(1);
    assertThat(driver.requestStatuses()).isEmpty();
  }

  @Test
  void shouldGrantTodaysSourcesToThoseWhoAreStillMembersWhenAProductIsResumed() {
    driver.given(
        published("p1", "s1"),
        approved("p1", "r1", "ana"),
        approved("p1", "r2", "bob"),
        suspended("p1"),
        revoked("p1", "r1", "ana"),
        approved("p1", "r3", "cleo"),
        replaced("p1", "s2"));

    driver.put(resumed("p1"));

    assertThat(driver.commands())
        .containsExactly("GRANT bob s2 p1 PRODUCT_RESUMED", "GRANT cleo s2 p1 PRODUCT_RESUMED");
    assertThat(driver.productStatuses().getFirst().value().getState())
        .isEqualTo(ProductState.ACTIVE);
  }

  @Test
  void shouldRevokeFromMembersAndCancelPendingRequestsWhenAProductIsDeleted() {
    driver.given(
        publishedWithApproval("p1", "s1"),
        approved("p1", "r1", "ana"),
        requested("p1", "r2", "bob"));

    driver.put(deleted("p1"));

    assertThat(driver.commands()).containsExactly("REVOKE ana s1 p1 PRODUCT_DELETED");
    var status = driver.productStatuses().getFirst().value();
    assertThat(status.getState()).isEqualTo(ProductState.DELETED);
    assertThat(status.getDataSources()).isEmpty();
    assertThat(status.getStats().getCanceledRequestCount()).isEqualTo(1);
    assertThat(status.getStats().getRevokedRequestCount()).isEqualTo(1);
    assertThat(status.getStats().getApprovedRequestCount()).isZero();
    var requests = driver.requestStatuses().stream().map(r -> r.value()).toList();
    assertThat(requests).extracting(r -> r.getRequestId()).containsExactly("r1", "r2");
    assertThat(requests)
        .extracting(r -> r.getState())
        .containsExactly(RequestState.REVOKED, RequestState.CANCELED);
    assertThat(requests)
        .allSatisfy(r -> assertThat(r.getReason()).isEqualTo("the product was deleted"))
        .allSatisfy(r -> assertThat(r.getAccessRemains()).isFalse());
  }

  @Test
  void shouldLeaveNothingOfADeletedProductInTheAccessStage() {
    driver.given(published("p1", "s1"), approved("p1", "r1", "ana"), approved("p1", "r2", "bob"));

    driver.put(deleted("p1"));

    assertThat(
            List.of(
                driver.keys("product-copies"),
                driver.keys("memberships"),
                driver.keys("members"),
                driver.keys("given-sources")))
        .allMatch(List::isEmpty);
  }

  @Test
  void shouldLeaveNothingOfAProductInTheAccessStageWhenItsLastMemberLeft() {
    driver.given(published("p1", "s1"), approved("p1", "r1", "ana"));

    driver.put(revoked("p1", "r1", "ana"));

    assertThat(
            List.of(
                driver.keys("product-copies"),
                driver.keys("memberships"),
                driver.keys("members"),
                driver.keys("given-sources")))
        .allMatch(List::isEmpty);
  }

  @Test
  void shouldGrantAtOnceWhereNobodyMustApprove() {
    driver.given(published("p1", "s1"));

    driver.put(requested("p1", "r1", "ana"));

    assertThat(driver.commands()).containsExactly("GRANT ana s1 p1 ACCESS_APPROVED");
    var request = driver.requestStatuses().getFirst();
    assertThat(request.key()).isEqualTo("r1");
    assertThat(request.value().getState()).isEqualTo(RequestState.APPROVED);
    assertThat(request.value().getDecidedBy()).isNull();
    assertThat(request.value().getStage()).isNull();
  }

  @Test
  void shouldLetARequestWaitAtItsFirstStage() {
    driver.given(publishedWithApproval("p1", "s1"));

    driver.put(requested("p1", "r1", "ana"));

    assertThat(driver.commands()).isEmpty();
    var request = driver.requestStatuses().getFirst().value();
    assertThat(request.getState()).isEqualTo(RequestState.PENDING);
    assertThat(request.getStage()).isEqualTo(1);
    assertThat(request.getStageName()).isEqualTo("one");
    assertThat(request.getStageCount()).isEqualTo(1);
    assertThat(driver.productStatuses().getFirst().value().getStats().getPendingRequestCount())
        .isEqualTo(1);
  }

  @Test
  void shouldGrantWhenTheAgreementIsAcknowledged() {
    driver.given(publishedWithAgreement("p1", "s1"));

    driver.put(requestedAcknowledging("p1", "r1", "ana"));

    assertThat(driver.commands()).containsExactly("GRANT ana s1 p1 ACCESS_APPROVED");
  }

  @Test
  void shouldGrantWhenTheLastStageIsPassed() {
    driver.given(publishedWithApproval("p1", "s1"), requested("p1", "r1", "ana"));

    driver.put(determined("p1", "r1", Payload.Decision.APPROVE));

    assertThat(driver.commands()).containsExactly("GRANT ana s1 p1 ACCESS_APPROVED");
    var request = driver.requestStatuses().getFirst().value();
    assertThat(request.getState()).isEqualTo(RequestState.APPROVED);
    assertThat(request.getDecidedBy()).isEqualTo("boss");
  }

  @Test
  void shouldSayAtWhichStageARequestWaits() {
    driver.given(publishedWithApproval("p1", "s1"));

    driver.put(requested("p1", "r1", "ana"));

    var request = driver.requestStatuses().getFirst().value();
    assertThat(request.getStage()).isEqualTo(1);
    assertThat(request.getStageName()).isEqualTo("one");
    assertThat(request.getStageCount()).isEqualTo(1);
  }

  @Test
  void shouldGrantEverySourceWhenAccessIsApproved() {
    driver.given(published("p1", List.of(source("s2", "Databricks"), source("s1"))));

    driver.put(approved("p1", "r1", "ana"));

    var commands = driver.commandRecords();
    assertThat(commands)
        .extracting(r -> r.key())
        .containsExactly("ana|Snowflake|s1", "ana|Databricks|s2");
    assertThat(commands.get(1).value())
        .isEqualTo(
            new AccessCommand(
                AccessAction.GRANT,
                "ana",
                "s2",
                "Databricks",
                "p1",
                CommandReason.ACCESS_APPROVED,
                "AccessApproved-r1",
                2L,
                Events.NOON,
                Driver.EPOCH));
    var request = driver.requestStatuses().getFirst().value();
    assertThat(request.getState()).isEqualTo(RequestState.APPROVED);
    assertThat(request.getDecidedBy()).isEqualTo("boss");
  }

  @Test
  void shouldGrantNothingWhenAccessToASuspendedProductIsApproved() {
    driver.given(published("p1", "s1"), suspended("p1"));

    driver.put(approved("p1", "r1", "ana"));

    assertThat(driver.commands()).isEmpty();
    assertThat(driver.requestStatuses().getFirst().value().getState())
        .isEqualTo(RequestState.APPROVED);
  }

  @Test
  void shouldEmitNoCommandWhenARequestIsDenied() {
    driver.given(publishedWithApproval("p1", "s1"), requested("p1", "r1", "ana"));

    driver.put(denied("p1", "r1"));

    assertThat(driver.commands()).isEmpty();
    var request = driver.requestStatuses().getFirst().value();
    assertThat(request.getState()).isEqualTo(RequestState.DENIED);
    assertThat(request.getReason()).isEqualTo("no need");
  }

  @Test
  void shouldEmitNoCommandWhenARequestIsCanceled() {
    driver.given(publishedWithApproval("p1", "s1"), requested("p1", "r1", "ana"));

    driver.put(canceled("p1", "r1"));

    assertThat(driver.commands()).isEmpty();
    assertThat(driver.requestStatuses().getFirst().value().getState())
        .isEqualTo(RequestState.CANCELED);
  }

  @Test
  void shouldRevokeWhenTheOnlyRequestIsRevoked() {
    driver.given(published("p1", "s1"), approved("p1", "r1", "ana"));

    driver.put(revoked("p1", "r1", "ana"));

    assertThat(driver.commands()).containsExactly("REVOKE ana s1 p1 ACCESS_REVOKED");
    var request = driver.requestStatuses().getFirst().value();
    assertThat(request.getState()).isEqualTo(RequestState.REVOKED);
    assertThat(request.getAccessRemains()).isFalse();
  }

  @Test
  void shouldKeepAccessWhileAnotherRequestIsApproved() {
    driver.given(published("p1", "s1"), approved("p1", "r1", "ana"), approved("p1", "r2", "ana"));

    driver.put(revoked("p1", "r1", "ana"));

    assertThat(driver.commands()).isEmpty();
    assertThat(driver.requestStatuses().getFirst().value().getAccessRemains()).isTrue();
  }

  @Test
  void shouldRevokeOnceWhenEveryRequestOfAUserIsRevoked() {
    driver.given(published("p1", "s1"), approved("p1", "r1", "ana"), approved("p1", "r2", "ana"));

    driver.put(allRevoked("p1", "ana"));

    assertThat(driver.commands()).containsExactly("REVOKE ana s1 p1 ACCESS_REVOKED");
    assertThat(driver.requestStatuses()).extracting(r -> r.key()).containsExactly("r1", "r2");
  }
}
