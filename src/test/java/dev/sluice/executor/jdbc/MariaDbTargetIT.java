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
import dev.sluice.testing.FreePorts;
import dev.sluice.testing.Requirement;
import dev.sluice.testing.TestFolders;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The executor on a real MariaDB. */
class MariaDbTargetIT {
  private static final String ORDERS = "sales.orders";
  private static final String ODD = "o'\"`\\x";
  private static @Nullable Process process;
  private static @Nullable Path folder;
  private static int port;

  @BeforeAll
  static void start() throws Exception {
    Requirement.MARIADB.require(
        Requirement.onPath("mariadbd").isPresent()
            && Requirement.onPath("mariadb-install-db").isPresent());
    var made = TestFolders.create("sluice-mariadb-");
    folder = made;
    port = FreePorts.next();
    var user = "--user=" + System.getProperty("user.name");
    var install =
        new ProcessBuilder(
                "mariadb-install-db",
                "--no-defaults",
                user,
                "--datadir=" + made.resolve("data"),
                "--auth-root-authentication-method=normal",
                "--skip-test-db")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertThat(install.waitFor(2, TimeUnit.MINUTES)).isTrue();
    assertThat(install.exitValue()).isZero();
    var started =
        new ProcessBuilder(
                Requirement.onPath("mariadbd").orElseThrow().toString(),
                "--no-defaults",
                user,
                "--datadir=" + made.resolve("data"),
                "--port=" + port,
                "--bind-address=127.0.0.1",
                "--socket=" + made.resolve("socket"),
                "--pid-file=" + made.resolve("pid"))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    process = started;
    Awaitility.await("MariaDB")
        .atMost(Duration.ofMinutes(2))
        .until(
            () -> {
              assertThat(started.isAlive()).isTrue();
              try {
                open().close();
                return true;
              } catch (SQLException e) {
                return false;
              }
            });
  }

  @AfterAll
  static void stop() throws InterruptedException {
    if (process != null) {
      process.destroy();
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    }
    if (folder != null) {
      TestFolders.remove(folder);
    }
  }

  private static String url() {
    return "jdbc:mariadb://127.0.0.1:%d/?sslMode=disable".formatted(port);
  }

  private static Connection open() throws SQLException {
    return DriverManager.getConnection(url(), "root", "");
  }

  private static void admin(String... statements) throws SQLException {
    try (var connection = open();
        var statement = connection.createStatement()) {
      for (var sql : statements) {
        statement.execute(sql);
      }
    }
  }

  @BeforeEach
  void makeTablesAndUsers() throws SQLException {
    admin(
        "DROP DATABASE IF EXISTS sales",
        "DROP USER IF EXISTS ana, Ana, ben, 'o''\"`\\\\x', sluice",
        "CREATE DATABASE sales",
        "CREATE TABLE sales.orders (id INT)",
        "CREATE USER ana",
        "CREATE USER Ana",
        "CREATE USER ben",
        "CREATE USER 'o''\"`\\\\x'",
        "CREATE USER sluice",
        "GRANT SELECT ON sales.* TO sluice WITH GRANT OPTION",
        "GRANT SELECT ON mysql.* TO sluice");
  }

  private static boolean reads(String user) throws SQLException {
    try (var connection = DriverManager.getConnection(url(), user, "");
        var statement = connection.createStatement()) {
      statement.executeQuery("SELECT * FROM sales.orders").close();
      return true;
    } catch (SQLException e) {
      assertThat(e.getErrorCode()).as(e.getMessage()).isEqualTo(1142);
      return false;
    }
  }

  private JdbcTarget target() {
    return new JdbcTarget(
        new MariaDbDialect(),
        new TargetSettings(
            url(),
            "sluice",
            "",
            false,
            false,
            true,
            Duration.ofSeconds(30),
            getClass().getClassLoader(),
            Map.of()));
  }

  private static Names names() {
    return new Names(
        new Names.Templates(
            NameTemplate.of("{sourceId}", "sourceId", LetterCase.EXACT),
            NameTemplate.of("{userId}", "userId", LetterCase.EXACT),
            null),
        null,
        CaseRule.EXACT);
  }

  @Test
  void shouldGrantAndRevokeAndBeAskedTwice() throws Exception {
    try (var target = target()) {
      var delivery = new Delivery(target, names());

      assertThat(delivery.grant(ORDERS, "ana", "ben", ODD))
          .hasSize(3)
          .allSatisfy(r -> assertThat(r.outcome()).isEqualTo(ResultOutcome.APPLIED));
      assertThat(reads("ana")).isTrue();
      assertThat(reads("Ana")).isFalse();
      assertThat(reads(ODD)).isTrue();
      for (int i = 0; i < 2; i++) {
        assertThat(delivery.revoke(ORDERS, "ana", ODD))
            .hasSize(2)
            .allSatisfy(r -> assertThat(r.outcome()).isEqualTo(ResultOutcome.APPLIED));
      }
      assertThat(reads("ana")).isFalse();
      assertThat(reads(ODD)).isFalse();
      assertThat(target.list(new Place("TABLE", List.of("sales", "orders"), null, "any")))
          .containsExactly("ben");
    }
  }

  /** MariaDB can make a user by a GRANT. */
  @Test
  void shouldMakeNoUserWhoIsMissing() throws Exception {
    try (var target = target()) {
      var delivery = new Delivery(target, names());

      assertThat(delivery.grant(ORDERS, "ana", "nobody"))
          .filteredOn(r -> r.userId().equals("nobody"))
          .singleElement()
          .satisfies(r -> assertThat(r.details().errorClass()).isEqualTo(ErrorClass.RETRYING));
      assertThat(reads("ana")).isTrue();
    }
  }

  @Test
  void shouldTellWhatIsMissingOrNotPermitted() throws Exception {
    admin("CREATE DATABASE IF NOT EXISTS other", "CREATE TABLE IF NOT EXISTS other.t (id INT)");
    try (var target = target()) {
      var delivery = new Delivery(target, names());

      assertThat(delivery.grant("sales.none", "ana").getFirst().details().errorClass())
          .isEqualTo(ErrorClass.NEEDS_PERSON);
      assertThat(delivery.grant("other.t", "ana").getFirst().details().errorClass())
          .isEqualTo(ErrorClass.NEEDS_PERSON);
    }
  }

  @Test
  void shouldReportWhoStillReads() throws Exception {
    try (var target = target()) {
      var delivery = new Delivery(target, names());
      delivery.grant(ORDERS, "ana");
      admin("GRANT SELECT ON sales.* TO ana");

      var details = delivery.revoke(ORDERS, "ana").getFirst().details();
      assertThat(details.code()).isEqualTo("STILL_ACCESS");
      assertThat(details.message()).endsWith("by a grant on the database");
    }
  }
}
