package dev.sluice.topology;

import static dev.sluice.event.Events.allRevoked;
import static dev.sluice.event.Events.approved;
import static dev.sluice.event.Events.approvedUntil;
import static dev.sluice.event.Events.at;
import static dev.sluice.event.Events.deleted;
import static dev.sluice.event.Events.published;
import static dev.sluice.event.Events.publishedWithApproval;
import static dev.sluice.event.Events.requested;
import static dev.sluice.event.Events.revoked;
import static dev.sluice.event.Events.sources;
import static dev.sluice.event.Events.suspended;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.avro.RequestNotice;
import dev.sluice.avro.RequestState;
import dev.sluice.avro.RequestStatus;
import dev.sluice.event.ApprovalPolicy;
import dev.sluice.event.ProductEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Tests expiry and notices, by the punctuation's clock. */
class ExpiryTopologyTest {
  private static final Duration DAY = Duration.ofDays(1);
  private static final Instant SOON = Driver.NOW.plusSeconds(60);

  private final Driver driver = new Driver();

  @AfterEach
  void close() {
    driver.close();
  }

  private static ProductEvent until(Instant end, String requestId, String userId) {
    return at(Driver.NOW, approvedUntil("p1", requestId, userId, end));
  }

  private List<RequestNotice> notices() {
    return driver.requestStatuses().stream().map(r -> r.value().getNotice()).toList();
  }

  private RequestStatus onlyStatus() {
    return driver.requestStatuses().stream().map(TestRecord::value).toList().getFirst();
  }

  @Test
  void shouldRevokeWithinASecondOfTheEnd() {
    driver.given(published("p1", "s1"), until(SOON, "r1", "ana"));

    driver.pass(Duration.ofSeconds(59));
    assertThat(driver.commands()).isEmpty();
    driver.pass(Duration.ofMillis(1900));

    var command = driver.commandRecords().getFirst().value();
    assertThat(command.getReason().name()).isEqualTo("ACCESS_EXPIRED");
    assertThat(command.getCauseEventId()).isEqualTo("expiry:r1");
    assertThat(command.getOccurredAt()).isEqualTo(SOON);
    var status = onlyStatus();
    assertThat(status.getState()).isEqualTo(RequestState.EXPIRED);
    assertThat(status.getUpdatedAt()).isEqualTo(SOON);
    assertThat(driver.productStatuses().getFirst().value().getStats().getExpiredRequestCount())
        .isEqualTo(1);
  }

  @Test
  void shouldExpireWhileTheProductIsSuspended() {
    driver.given(published("p1", "s1"), until(SOON, "r1", "ana"), suspended("p1"));

    driver.pass(Duration.ofMinutes(2));

    assertThat(driver.commands()).isEmpty();
    assertThat(onlyStatus().getState()).isEqualTo(RequestState.EXPIRED);
  }

  @Test
  void shouldGrantNothingWhereTheEndIsPast() {
    driver.given(published("p1", "s1"));

    driver.put(until(Driver.NOW, "r1", "ana"));

    assertThat(driver.commands()).isEmpty();
    assertThat(onlyStatus().getState()).isEqualTo(RequestState.EXPIRED);
  }

  @Test
  void shouldKeepAccessThatAnotherRequestGives() {
    driver.given(published("p1", "s1"), until(SOON, "r1", "ana"), approved("p1", "r2", "ana"));

    driver.pass(Duration.ofMinutes(2));

    assertThat(driver.commands()).isEmpty();
    assertThat(onlyStatus().getAccessRemains()).isTrue();
  }

  @Test
  void shouldNotExpireWhatWasRevokedBefore() {
    driver.given(published("p1", "s1"), until(SOON, "r1", "ana"), revoked("p1", "r1", "ana"));

    driver.pass(Duration.ofMinutes(2));

    assertThat(driver.requestStatuses()).isEmpty();
    assertThat(driver.keys("due")).isEmpty();
  }

  @Test
  void shouldGiveBackWhatWasProlongedBeforeItsEndAndReadAfterIt() {
    driver.given(published("p1", "s1"), until(SOON, "r1", "ana"));
    driver.pass(Duration.ofMinutes(2));
    driver.commands();
    driver.requestStatuses();
    driver.productStatuses();

    driver.put(until(SOON.plus(DAY), "r1", "ana"));

    assertThat(driver.commands()).containsExactly("GRANT ana s1 p1 ACCESS_APPROVED");
    assertThat(onlyStatus().getState()).isEqualTo(RequestState.APPROVED);
    var stats = driver.productStatuses().getFirst().value().getStats();
    assertThat(stats.getApprovedRequestCount()).isEqualTo(1);
    assertThat(stats.getExpiredRequestCount()).isZero();
    assertThat(driver.keys("approved-requests")).containsExactly("p1|ana|r1");
    driver.pass(DAY);
    assertThat(driver.commands()).containsExactly("REVOKE ana s1 p1 ACCESS_EXPIRED");
  }

  @Test
  void shouldMoveTheEndOfWhatHasExpiredWhereTheNewEndIsPastToo() {
    driver.given(published("p1", "s1"), until(SOON, "r1", "ana"));
    driver.pass(DAY);
    driver.given();

    driver.put(until(SOON.plusSeconds(60), "r1", "ana"));

    assertThat(driver.commands()).isEmpty();
    var status = onlyStatus();
    assertThat(status.getState()).isEqualTo(RequestState.EXPIRED);
    assertThat(status.getExpiresAt()).isEqualTo(SOON.plusSeconds(60));
    driver.put(at(SOON.plusSeconds(30), revoked("p1", "r1", "ana")));
    assertThat(onlyStatus().getState()).isEqualTo(RequestState.REVOKED);
  }

  @Test
  void shouldNotApproveAgainWhatIsAskedForAfterItsEnd() {
    driver.given(published("p1", "s1"), until(SOON, "r1", "ana"));

    driver.put(at(SOON, approved("p1", "r1", "ana")));

    assertThat(driver.outcomes()).endsWith("not_pending");
    driver.pass(Duration.ofMinutes(2));
    assertThat(driver.commands()).containsExactly("REVOKE ana s1 p1 ACCESS_EXPIRED");
    driver.put(at(SOON, revoked("p1", "r1", "ana")));
    assertThat(driver.outcomes()).endsWith("not_approved");
  }

  @Test
  void shouldRevokeAtOnceWhereTheEventsTimeIsAheadOfTheClock() {
    driver.given(published("p1", "s1"), until(SOON, "r1", "ana"));

    driver.put(at(SOON, revoked("p1", "r1", "ana")));

    assertThat(driver.commands()).containsExactly("REVOKE ana s1 p1 ACCESS_REVOKED");
    driver.pass(Duration.ofMinutes(2));
    assertThat(driver.commands()).isEmpty();
  }

  @Test
  void shouldRevokeAllThatWasApprovedAtTheTimeThoughItHasExpiredSince() {
    driver.given(
        published("p1", "s1"),
        until(SOON, "r1", "ana"),
        until(SOON.plusSeconds(10), "r2", "ana"),
        until(SOON.plusSeconds(10), "r3", "ben"),
        approved("p1", "r4", "ana"));
    driver.pass(Duration.ofMinutes(2));
    driver.given();

    driver.put(at(SOON.plusSeconds(5), allRevoked("p1", "ana")));

    assertThat(driver.requestStatuses())
        .extracting(r -> r.key() + " " + r.value().getState())
        .containsExactly("r4 REVOKED", "r2 REVOKED");
    assertThat(driver.commands()).containsExactly("REVOKE ana s1 p1 ACCESS_REVOKED");
    assertThat(driver.keys("approved-requests")).hasSize(2).noneMatch(key -> key.endsWith("r2"));
    driver.put(at(SOON.plusSeconds(5), allRevoked("p1", "ana")));
    assertThat(driver.outcomes()).endsWith("not_approved");
  }

  @Test
  void shouldRevokeWithoutCommandsWhatHasExpired() {
    driver.given(published("p1", "s1"), until(SOON, "r1", "ana"));
    driver.pass(Duration.ofMinutes(2));
    driver.given();

    driver.put(at(Driver.NOW, allRevoked("p1", "ana")));

    assertThat(driver.commands()).isEmpty();
    assertThat(onlyStatus().getState()).isEqualTo(RequestState.REVOKED);
    assertThat(driver.keys("approved-requests")).isEmpty();
  }

  @Test
  void shouldEndTheRequestsOfADeletedProductByWhatTheyWereWhenItWasDeleted() {
    driver.given(
        published("p1", "s1"), until(SOON, "r1", "ana"), until(SOON.plusSeconds(10), "r2", "ben"));
    driver.pass(Duration.ofMinutes(2));
    driver.given();

    driver.put(at(SOON.plusSeconds(5), deleted("p1")));

    var status = onlyStatus();
    assertThat(status.getRequestId()).isEqualTo("r2");
    assertThat(status.getState()).isEqualTo(RequestState.REVOKED);
    var stats = driver.productStatuses().getLast().value().getStats();
    assertThat(stats.getApprovedRequestCount()).isZero();
    assertThat(stats.getRevokedRequestCount()).isEqualTo(1);
    assertThat(stats.getExpiredRequestCount()).isEqualTo(1);
    assertThat(driver.keys("approved-requests")).isEmpty();
  }

  @Test
  void shouldWorkOffManyExpiriesInSlices() {
    driver.given(published("p1", "s1"));
    for (int i = 0; i < 5_000; i++) {
      driver.given(until(SOON, "r" + i, "u" + i));
    }

    driver.pass(Duration.ofMinutes(1));
    var first = driver.commands().size();
    driver.pass(Duration.ofMillis(100));
    var second = driver.commands().size();
    driver.pass(Duration.ofMillis(100));

    assertThat(first).isEqualTo(2_000);
    assertThat(second).isEqualTo(2_000);
    assertThat(driver.commands()).hasSize(1_000);
    assertThat(driver.productStatuses()).hasSize(3);
    assertThat(driver.keys("due")).isEmpty();
  }

  /** Of 1,000 approvers, some 100 kB: every request that is made under it keeps it. */
  private static ApprovalPolicy largePolicy() {
    var approvers =
        IntStream.range(0, 1_000)
            .mapToObj(i -> new ApprovalPolicy.Approver("USER", "approver-".repeat(10) + i, null))
            .toList();
    return new ApprovalPolicy(
        "1", List.of(), null, List.of(new ApprovalPolicy.Stage("one", approvers)));
  }

  @Test
  void shouldWorkOffExpiriesOfLargeRequestsInSlicesOfBytes() {
    driver.given(published("p1", sources("s1"), largePolicy()));
    for (int i = 0; i < 100; i++) {
      driver.given(requested("p1", "r" + i, "u" + i), until(SOON, "r" + i, "u" + i));
    }

    driver.pass(Duration.ofMinutes(1));
    var first = driver.requestStatuses().size();
    driver.pass(Duration.ofMillis(100));
    var second = driver.requestStatuses().size();
    driver.pass(Duration.ofMillis(100));
    var third = driver.requestStatuses().size();

    assertThat(first).isBetween(35, 45);
    assertThat(second).isEqualTo(first);
    assertThat(first + second + third).isEqualTo(100);
    assertThat(driver.commands()).hasSize(100);
    var stats = driver.productStatuses().getLast().value().getStats();
    assertThat(stats.getExpiredRequestCount()).isEqualTo(100);
    assertThat(driver.keys("due")).isEmpty();
  }

  @Test
  void shouldRemoveLargeRequestsOfADeletedProductInSlicesOfBytes() {
    driver.given(published("p1", sources("s1"), largePolicy()));
    for (int i = 0; i < 100; i++) {
      driver.given(requested("p1", "r" + i, "u" + i));
    }

    driver.put(deleted("p1"));
    var first = driver.requestStatuses();
    driver.pass(Duration.ofMillis(100));
    var second = driver.requestStatuses();
    driver.pass(Duration.ofMillis(100));
    var third = driver.requestStatuses();

    assertThat(first).hasSizeBetween(35, 45);
    assertThat(second).hasSameSizeAs(first);
    assertThat(Stream.of(first, second, third).flatMap(List::stream))
        .hasSize(100)
        .allSatisfy(r -> assertThat(r.value().getState()).isEqualTo(RequestState.CANCELED))
        .extracting(TestRecord::key)
        .doesNotHaveDuplicates();
    assertThat(driver.keys("requests")).isEmpty();
    assertThat(driver.keys("deletions")).isEmpty();
  }

  @Test
  void shouldWarnSevenDaysAndOneDayBeforeTheEnd() {
    driver.given(published("p1", "s1"), until(Driver.NOW.plus(DAY.multipliedBy(40)), "r1", "ana"));

    driver.pass(DAY.multipliedBy(33));
    assertThat(notices()).containsExactly(RequestNotice.EXPIRES_SOON);
    driver.pass(DAY.multipliedBy(5));
    assertThat(notices()).isEmpty();
    driver.pass(DAY);
    assertThat(notices()).containsExactly(RequestNotice.EXPIRES_VERY_SOON);
  }

  @Test
  void shouldGiveTheUrgentWarningAloneWhereBothAreDue() {
    driver.given(published("p1", "s1"), until(Driver.NOW.plus(DAY.multipliedBy(40)), "r1", "ana"));

    driver.pass(DAY.multipliedBy(39).plusHours(1));

    assertThat(notices()).containsExactly(RequestNotice.EXPIRES_VERY_SOON);
  }

  @Test
  void shouldWarnOfTheEndOfLongAccessAlsoWhereTheEndWasMovedNear() {
    driver.given(published("p1", "s1"), until(Driver.NOW.plus(DAY.multipliedBy(900)), "r1", "ana"));
    driver.pass(DAY.multipliedBy(100));

    driver.put(until(Driver.NOW.plus(DAY.multipliedBy(105)), "r1", "ana"));
    driver.given();
    driver.pass(Duration.ofSeconds(1));

    assertThat(notices()).containsExactly(RequestNotice.EXPIRES_SOON);
  }

  @Test
  void shouldWarnOfTheEndThatAccessGivenAtOnceGetsLater() {
    driver.given(published("p1", "s1"), requested("p1", "r1", "ana"));
    driver.pass(DAY.multipliedBy(100));

    driver.put(until(Driver.NOW.plus(DAY.multipliedBy(105)), "r1", "ana"));
    driver.given();
    driver.pass(Duration.ofSeconds(1));

    assertThat(notices()).containsExactly(RequestNotice.EXPIRES_SOON);
  }

  @Test
  void shouldTakeAccessThatComesBackForNew() {
    driver.given(published("p1", "s1"), until(SOON, "r1", "ana"));
    driver.pass(DAY.multipliedBy(100));

    driver.put(until(Driver.NOW.plus(DAY.multipliedBy(105)), "r1", "ana"));
    driver.given();
    driver.pass(Duration.ofSeconds(1));

    assertThat(notices()).isEmpty();
  }

  @Test
  void shouldNotWarnOfTheEndOfShortAccess() {
    driver.given(published("p1", "s1"), until(SOON, "r1", "ana"));

    driver.pass(Duration.ofSeconds(59));

    assertThat(driver.requestStatuses()).isEmpty();
  }

  @Test
  void shouldRemoveTheRequestsOfADeletedProduct() {
    driver.given(
        publishedWithApproval("p1", "s1"), requested("p1", "r1", "ana"), until(SOON, "r2", "ben"));

    driver.put(deleted("p1"));
    driver.pass(Duration.ofMinutes(2));

    var statuses = driver.requestStatuses();
    assertThat(statuses)
        .extracting(s -> s.value().getState())
        .containsExactly(RequestState.CANCELED, RequestState.REVOKED);
    assertThat(statuses)
        .allSatisfy(s -> assertThat(s.value().getReason()).isEqualTo("the product was deleted"));
    assertThat(driver.commands()).containsExactly("REVOKE ben s1 p1 PRODUCT_DELETED");
    assertThat(driver.keys("requests")).isEmpty();
    assertThat(driver.keys("due")).isEmpty();
    assertThat(driver.keys("deletions")).isEmpty();
    assertThat(driver.keys("products")).containsExactly("p1");
  }
}
