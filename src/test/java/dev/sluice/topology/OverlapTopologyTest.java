package dev.sluice.topology;

import static dev.sluice.event.Events.approved;
import static dev.sluice.event.Events.deleted;
import static dev.sluice.event.Events.published;
import static dev.sluice.event.Events.replaced;
import static dev.sluice.event.Events.resumed;
import static dev.sluice.event.Events.revoked;
import static dev.sluice.event.Events.suspended;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.event.Events;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two products share the source {@code shared}; ana is a member of both, bob of the first. */
class OverlapTopologyTest {
  private final Driver driver = new Driver();

  @BeforeEach
  void share() {
    driver.given(
        published("p1", "own", "shared"),
        published("p2", "shared"),
        approved("p1", "r1", "ana"),
        approved("p1", "r2", "bob"),
        approved("p2", "r3", "ana"));
  }

  @AfterEach
  void close() {
    driver.close();
  }

  @Test
  void shouldKeepSharedSourceWhenOneOfTwoProductsIsSuspended() {
    driver.put(suspended("p1"));

    assertThat(driver.commands())
        .containsExactly(
            "REVOKE ana own p1 PRODUCT_SUSPENDED",
            "REVOKE bob own p1 PRODUCT_SUSPENDED",
            "REVOKE bob shared p1 PRODUCT_SUSPENDED");
  }

  @Test
  void shouldKeepSharedSourceWhenOneOfTwoProductsIsDeleted() {
    driver.put(deleted("p1"));

    assertThat(driver.commands())
        .containsExactly(
            "REVOKE ana own p1 PRODUCT_DELETED",
            "REVOKE bob own p1 PRODUCT_DELETED",
            "REVOKE bob shared p1 PRODUCT_DELETED");
  }

  @Test
  void shouldKeepSharedSourceWhenOneOfTwoProductsLosesIt() {
    driver.put(replaced("p1", "own"));

    assertThat(driver.commands()).containsExactly("REVOKE bob shared p1 SOURCE_REMOVED");
  }

  @Test
  void shouldKeepSharedSourceWhenAccessToOneOfTwoProductsIsRevoked() {
    driver.put(revoked("p2", "r3", "ana"));

    assertThat(driver.commands()).isEmpty();
  }

  @Test
  void shouldRevokeSharedSourceWithTheSecondOfTwoProducts() {
    driver.given(suspended("p1"));

    driver.put(suspended("p2"));

    assertThat(driver.commands()).containsExactly("REVOKE ana shared p2 PRODUCT_SUSPENDED");
  }

  @Test
  void shouldNotGrantSharedSourceTwiceWhenTheFirstProductIsResumed() {
    driver.given(suspended("p1"));

    driver.put(resumed("p1"));

    assertThat(driver.commands())
        .containsExactly(
            "GRANT ana own p1 PRODUCT_RESUMED",
            "GRANT bob own p1 PRODUCT_RESUMED",
            "GRANT bob shared p1 PRODUCT_RESUMED");
  }

  @Test
  void shouldNotGrantSourceThatAnotherProductGivesWhenItIsAdded() {
    driver.put(replaced("p2", "own", "shared"));

    assertThat(driver.commands()).isEmpty();
  }

  @Test
  void shouldNotCountASuspendedProductAsGiving() {
    driver.given(suspended("p1"));

    driver.put(revoked("p2", "r3", "ana"));

    assertThat(driver.commands()).containsExactly("REVOKE ana shared p2 ACCESS_REVOKED");
  }

  @Test
  void shouldCountASharedSourceOnlyForMembersOfTheOtherProduct() {
    driver.given(approved("p2", "r4", "cleo"));

    driver.put(suspended("p2"));

    assertThat(driver.commands()).containsExactly("REVOKE cleo shared p2 PRODUCT_SUSPENDED");
  }

  @Test
  void shouldRaiseTheRevisionOverAllProducts() {
    driver.put(suspended("p1"));
    driver.put(Events.withId("e2", resumed("p1")));

    assertThat(driver.commandRecords())
        .extracting(r -> r.value().getRevision())
        .containsExactly(5L, 6L, 7L, 8L, 9L, 10L);
  }
}
