package dev.sluice.topology;

import static dev.sluice.event.Events.approved;
import static dev.sluice.event.Events.approvedUntil;
import static dev.sluice.event.Events.deleted;
import static dev.sluice.event.Events.published;
import static dev.sluice.event.Events.replaced;
import static dev.sluice.event.Events.resumed;
import static dev.sluice.event.Events.revoked;
import static dev.sluice.event.Events.suspended;
import static dev.sluice.user.UserEvents.deactivated;
import static dev.sluice.user.UserEvents.reactivated;
import static dev.sluice.user.UserEvents.sequenced;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.RejectionHeaders;
import dev.sluice.streams.SweepScheduling;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Tests the commands of users who are deactivated, and active again. */
class DeactivatedUsersTopologyTest {
  private Driver driver = new Driver();

  @AfterEach
  void close() {
    driver.close();
  }

  @Test
  void shouldRevokeEverySourceOfAUserWhoIsDeactivatedAndOfNobodyElse() {
    driver.given(
        published("p1", "s1", "s2"),
        published("p2", "s2", "s3"),
        approved("p1", "r1", "ana"),
        approved("p2", "r2", "ana"),
        approved("p2", "r3", "ben"));

    driver.put(deactivated("ana"));

    assertThat(driver.commands())
        .containsExactly(
            "REVOKE ana s1 p1 USER_DEACTIVATED",
            "REVOKE ana s2 p1 USER_DEACTIVATED",
            "REVOKE ana s3 p2 USER_DEACTIVATED");
    assertThat(driver.requestStatuses()).isEmpty();
    assertThat(driver.productStatuses()).isEmpty();
  }

  @Test
  void shouldGrantNothingWhileAUserIsDeactivated() {
    driver.given(published("p1", "s1"), published("p2", "s2"), approved("p1", "r1", "ana"));
    driver.put(deactivated("ana"));
    driver.given();

    driver.put(approved("p2", "r2", "ana"));
    driver.put(replaced("p1", "s1", "s4"));
    driver.put(suspended("p1"));
    driver.put(resumed("p1"));

    assertThat(driver.commands()).isEmpty();
  }

  @Test
  void shouldGrantWhatHoldsWhenAUserIsActiveAgain() {
    driver.given(
        published("p1", "s1"),
        published("p2", "s2"),
        published("p3", "s3"),
        approved("p1", "r1", "ana"),
        approved("p3", "r3", "ana"));
    driver.put(deactivated("ana"));
    driver.given(
        approved("p2", "r2", "ana"), replaced("p1", "s1", "s4"), revoked("p3", "r3", "ana"));

    driver.put(reactivated("ana"));

    assertThat(driver.commands())
        .containsExactlyInAnyOrder(
            "GRANT ana s1 p1 USER_REACTIVATED",
            "GRANT ana s2 p2 USER_REACTIVATED",
            "GRANT ana s4 p1 USER_REACTIVATED");
    driver.put(deleted("p1"));
    assertThat(driver.commands())
        .containsExactly("REVOKE ana s1 p1 PRODUCT_DELETED", "REVOKE ana s4 p1 PRODUCT_DELETED");
  }

  @Test
  void shouldLetAccessEndByItselfWhileAUserIsDeactivated() {
    driver.given(
        published("p1", "s1"),
        approvedUntil("p1", "r1", "ana", Driver.NOW.plus(Duration.ofHours(1))));
    driver.put(deactivated("ana"));
    driver.given();

    driver.pass(Duration.ofHours(2));

    assertThat(driver.commands()).isEmpty();
    assertThat(driver.requestStatuses())
        .extracting(status -> status.value().getState().name())
        .containsExactly("EXPIRED");
    driver.put(reactivated("ana"));
    assertThat(driver.commands()).isEmpty();
  }

  @Test
  void shouldRememberAUserWithoutMemberships() {
    driver.put(deactivated("ana"));

    driver.given(published("p1", "s1"));
    driver.put(approved("p1", "r1", "ana"));
    assertThat(driver.commands()).isEmpty();
    driver.put(reactivated("ana"));
    assertThat(driver.commands()).containsExactly("GRANT ana s1 p1 USER_REACTIVATED");
    assertThat(driver.keys("deactivated-users")).isEmpty();
    assertThat(driver.keys("users")).isEmpty();
  }

  @Test
  void shouldTakeManySourcesInSlicesAndGrantNothingMeanwhile() {
    driver.close();
    driver = new Driver(SweepScheduling.byMember());
    var ids = IntStream.range(0, 50).mapToObj("s%02d"::formatted).toArray(String[]::new);
    driver.given(published("p1", ids), published("p2", "s99"), approved("p1", "r1", "ana"));

    driver.put(deactivated("ana"));
    assertThat(driver.commands()).hasSize(1);
    driver.put(approved("p2", "r2", "ana"));
    assertThat(driver.commands()).isEmpty();

    var revoked = settle();
    assertThat(revoked).hasSize(49).allMatch(command -> command.startsWith("REVOKE ana s"));
    assertThat(driver.keys("withheld-sources")).isEmpty();

    var given = new ArrayList<String>();
    for (var event : List.of(reactivated("ana"), deactivated("ana"), reactivated("ana"))) {
      driver.put(event);
      given.addAll(driver.commands());
    }
    given.addAll(settle());
    var last = new TreeMap<String, String>();
    for (var command : given) {
      var words = command.split(" ");
      assertThat(last.put(words[2], words[0])).as(command).isNotEqualTo(words[0]);
    }
    assertThat(last).hasSize(51).doesNotContainValue("REVOKE");
  }

  private List<String> settle() {
    var all = new ArrayList<String>();
    for (int ticks = 0; ticks < 200; ticks++) {
      driver.pass(Duration.ofMillis(100));
      all.addAll(driver.commands());
    }
    return all;
  }

  @Test
  void shouldIgnoreRepeatsAndRejectWhatComesLate() {
    driver.given(published("p1", "s1"), approved("p1", "r1", "ana"));
    driver.put(sequenced(1, deactivated("ana")));
    driver.put(sequenced(2, reactivated("ana")));
    driver.commands();

    driver.put(sequenced(1, deactivated("ana")));
    assertThat(driver.commands()).isEmpty();
    assertThat(driver.outcomes()).endsWith("duplicate");
    driver.put(sequenced(0, deactivated("ana")));
    assertThat(driver.outcomes()).endsWith("out_of_order");
    var rejected = driver.rejected().getLast();
    assertThat(rejected.headers().lastHeader(RejectionHeaders.TOPIC).value())
        .asString(UTF_8)
        .isEqualTo("test-user-events");
    assertThat(driver.commands()).isEmpty();
  }

  @Test
  void shouldRejectWhatIsNoEventAboutAUser() {
    driver.putUser("ana".getBytes(UTF_8), new byte[] {1, 2, 3});
    driver.putUser("ana".getBytes(UTF_8), null);
    driver.putUser(null, null);

    assertThat(driver.outcomes()).containsOnly("unreadable");
    assertThat(driver.rejected())
        .hasSize(3)
        .extracting(record -> header(record.headers(), RejectionHeaders.REMEDY))
        .anyMatch(remedy -> remedy.contains("UserEvent"));
  }

  private static String header(org.apache.kafka.common.header.Headers headers, String name) {
    return new String(headers.lastHeader(name).value(), UTF_8);
  }
}
