package dev.sluice.executor.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.delivery.ErrorClass;
import dev.sluice.delivery.ResultOutcome;
import dev.sluice.executor.Place;
import dev.sluice.executor.platform.CaseRule;
import dev.sluice.executor.platform.LetterCase;
import dev.sluice.executor.platform.NameTemplate;
import dev.sluice.executor.platform.Names;
import dev.sluice.executor.platform.TargetSettings;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The executor on an H2 inside the process. */
class H2TargetTest {
  private static final String URL = "jdbc:h2:mem:executor";
  private static final String ORDERS = "SALES.ORDERS";
  private Connection admin = open();

  private static Connection open() {
    try {
      return DriverManager.getConnection(URL, "SA", "");
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @BeforeEach
  void makeTablesAndUsers() throws SQLException {
    admin(
        "CREATE SCHEMA SALES",
        "CREATE TABLE SALES.ORDERS (ID INT)",
        "CREATE USER \"ana\" PASSWORD 'x'",
        "CREATE USER BEN PASSWORD 'x'");
  }

  @AfterEach
  void close() throws SQLException {
    admin("SHUTDOWN");
    admin.close();
  }

  private void admin(String... statements) throws SQLException {
    for (var sql : statements) {
      try (var statement = admin.createStatement()) {
        statement.execute(sql);
      }
    }
  }

  private static boolean reads(String user) throws SQLException {
    try (var connection = DriverManager.getConnection(URL, user, "x");
        var statement = connection.createStatement()) {
      statement.executeQuery("SELECT * FROM SALES.ORDERS").close();
      return true;
    } catch (SQLException e) {
      assertThat(e.getErrorCode()).as(e.getMessage()).isEqualTo(90096);
      return false;
    }
  }

  private JdbcTarget target(boolean byRole) {
    return new JdbcTarget(
        new H2Dialect(),
        new TargetSettings(
            URL,
            "SA",
            "",
            byRole,
            false,
            true,
            Duration.ofSeconds(30),
            getClass().getClassLoader(),
            Map.of()));
  }

  private static Names names(boolean byRole) {
    return new Names(
        new Names.Templates(
            NameTemplate.of("{sourceId}", "sourceId", LetterCase.EXACT),
            NameTemplate.of("{userId}", "userId", LetterCase.EXACT),
            byRole ? NameTemplate.of("SLUICE_{sourceId}", "sourceId", LetterCase.EXACT) : null),
        null,
        new CaseRule(true, false));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void shouldGrantAndRevoke(boolean byRole) throws Exception {
    try (var target = target(byRole)) {
      var delivery = new Delivery(target, names(byRole));

      assertThat(delivery.grant(ORDERS, "ana", "ben"))
          .hasSize(2)
          .allSatisfy(r -> assertThat(r.outcome()).isEqualTo(ResultOutcome.APPLIED));
      assertThat(reads("ana")).isTrue();
      assertThat(delivery.revoke(ORDERS, "ana").getFirst().outcome())
          .isEqualTo(ResultOutcome.APPLIED);
      assertThat(delivery.revoke(ORDERS, "ana").getFirst().outcome())
          .isEqualTo(ResultOutcome.APPLIED);
      assertThat(reads("ana")).isFalse();
      assertThat(
              target.list(
                  new Place(
                      "TABLE",
                      List.of("SALES", "ORDERS"),
                      byRole ? "SLUICE_SALES.ORDERS" : null,
                      "any")))
          .containsExactly("ben");
    }
  }

  /** H2 takes both for one user. */
  @Test
  void shouldRefuseAUserWhoDiffersInCase() {
    try (var target = target(false)) {
      var result = new Delivery(target, names(false)).grant(ORDERS, "Ana").getFirst();

      assertThat(target.caseRule().confusesUsers()).isTrue();
      assertThat(result.details().code()).isEqualTo("NO_NAME");
      assertThat(result.details().errorClass()).isEqualTo(ErrorClass.PERMANENT);
    }
  }

  @Test
  void shouldTellWhatIsMissing() {
    try (var target = target(false)) {
      var delivery = new Delivery(target, names(false));

      var results = delivery.grant(ORDERS, "ana", "nobody");
      assertThat(results)
          .filteredOn(r -> r.userId().equals("nobody"))
          .singleElement()
          .satisfies(r -> assertThat(r.details().errorClass()).isEqualTo(ErrorClass.RETRYING));
      assertThat(delivery.grant("SALES.NONE", "ana").getFirst().details().errorClass())
          .isEqualTo(ErrorClass.NEEDS_PERSON);
      assertThat(delivery.revoke("SALES.NONE", "ana").getFirst().outcome())
          .isEqualTo(ResultOutcome.APPLIED);
    }
  }
}
