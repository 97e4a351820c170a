package dev.sluice.topology;

import static dev.sluice.event.Events.approved;
import static dev.sluice.event.Events.deleted;
import static dev.sluice.event.Events.published;
import static dev.sluice.event.Events.replaced;
import static dev.sluice.event.Events.resumed;
import static dev.sluice.event.Events.revoked;
import static dev.sluice.event.Events.source;
import static dev.sluice.event.Events.suspended;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.event.DataSource;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The same id under two types is two sources: in two products, and in one. */
class SourceIdentityTopologyTest {
  private static final DataSource SNOWFLAKE = source("orders", "Snowflake");
  private static final DataSource DATABRICKS = source("orders", "Databricks");

  private final Driver driver = new Driver();

  @AfterEach
  void close() {
    driver.close();
  }

  /** Returns the commands since the last call, as {@code REVOKE ana|Snowflake|orders p1}. */
  private List<String> commands() {
    return driver.commandRecords().stream()
        .map(
            record -> {
              var c = record.value();
              assertThat(record.key())
                  .isEqualTo(String.join("|", c.getUserId(), c.getSourceType(), c.getSourceId()));
              assertThat(c.getEpoch()).isEqualTo(Driver.EPOCH);
              return c.getAction() + " " + record.key() + " " + c.getProductId();
            })
        .toList();
  }

  private void twoProducts() {
    driver.put(published("p1", List.of(SNOWFLAKE)));
    driver.put(published("p2", List.of(DATABRICKS)));
    driver.put(approved("p1", "r1", "ana"));
    driver.put(approved("p2", "r2", "ana"));
  }

  @Test
  void shouldGrantAndRevokeEachOfTheTwo() {
    twoProducts();
    assertThat(commands())
        .containsExactly("GRANT ana|Snowflake|orders p1", "GRANT ana|Databricks|orders p2");

    driver.put(suspended("p1"));
    assertThat(commands()).containsExactly("REVOKE ana|Snowflake|orders p1");

    driver.put(suspended("p2"));
    assertThat(commands()).containsExactly("REVOKE ana|Databricks|orders p2");
  }

  @Test
  void shouldRevokeTheOneOfADeletedProductWhileAnotherGivesTheOther() {
    twoProducts();
    driver.commands();

    driver.put(deleted("p1"));
    assertThat(commands()).containsExactly("REVOKE ana|Snowflake|orders p1");

    driver.put(revoked("p2", "r2", "ana"));
    assertThat(commands()).containsExactly("REVOKE ana|Databricks|orders p2");
  }

  @Test
  void shouldKeepTheOneThatTwoProductsGive() {
    twoProducts();
    driver.put(published("p3", List.of(DATABRICKS, SNOWFLAKE)));
    driver.put(approved("p3", "r3", "ana"));
    driver.commands();

    driver.put(suspended("p1"));
    driver.put(suspended("p2"));
    assertThat(commands()).isEmpty();

    driver.put(suspended("p3"));
    assertThat(commands())
        .containsExactly("REVOKE ana|Databricks|orders p3", "REVOKE ana|Snowflake|orders p3");
  }

  @Test
  void shouldHoldBothInOneProduct() {
    driver.put(published("p1", List.of(SNOWFLAKE, DATABRICKS)));
    driver.put(approved("p1", "r1", "ana"));
    assertThat(commands())
        .containsExactly("GRANT ana|Databricks|orders p1", "GRANT ana|Snowflake|orders p1");
    assertThat(driver.rejected()).isEmpty();
    assertThat(driver.productStatuses().getLast().value().getDataSources())
        .extracting(s -> s.getSourceId() + " " + s.getSourceType())
        .containsExactly("orders Databricks", "orders Snowflake");

    driver.put(replaced("p1", List.of(DATABRICKS)));
    assertThat(commands()).containsExactly("REVOKE ana|Snowflake|orders p1");
  }

  @Test
  void shouldChangeOverToAnotherType() {
    driver.given(published("p1", List.of(SNOWFLAKE)), approved("p1", "r1", "ana"));

    driver.put(replaced("p1", List.of(DATABRICKS)));

    assertThat(commands())
        .containsExactly("GRANT ana|Databricks|orders p1", "REVOKE ana|Snowflake|orders p1");
  }

  @Test
  void shouldMatchTypesAsTheyAreWritten() {
    driver.given(
        published("p1", List.of(source("orders", "snowflake"))),
        published("p2", List.of(SNOWFLAKE)),
        approved("p1", "r1", "ana"),
        approved("p2", "r2", "ana"),
        suspended("p2"));

    driver.put(suspended("p1"));
    assertThat(commands()).containsExactly("REVOKE ana|snowflake|orders p1");

    driver.put(resumed("p2"));
    assertThat(commands()).containsExactly("GRANT ana|Snowflake|orders p2");
  }
}
