package dev.sluice.executor.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.delivery.CommandAction;
import dev.sluice.executor.Access;
import dev.sluice.executor.Place;
import dev.sluice.executor.Trouble.Remedy;
import dev.sluice.executor.Trouble.Scope;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What answers of platforms mean that cannot be run here; their forms are as documented. */
class AnswersTest {
  private static final Place ORDERS =
      new Place("TABLE", List.of("dwh", "sales", "orders"), null, "Ana@x.org");

  private static Rows.Row row(String... columnsAndValues) {
    var values = new HashMap<String, @Nullable Object>();
    for (int i = 0; i < columnsAndValues.length; i += 2) {
      values.put(columnsAndValues[i], columnsAndValues[i + 1]);
    }
    return new Rows.Row(values);
  }

  private static Rows rows(Rows.Row... rows) {
    return sql -> Arrays.asList(rows);
  }

  @Test
  void shouldReadTheUsersOfAListOfGrants() throws SQLException {
    assertThat(
            new SnowflakeDialect()
                .list(
                    rows(
                        row("privilege", "SELECT", "granted_to", "USER", "grantee_name", "BEN"),
                        row("privilege", "OWNERSHIP", "granted_to", "ROLE", "grantee_name", "R"),
                        row("privilege", "INSERT", "granted_to", "USER", "grantee_name", "CEM"),
                        row(
                            "privilege",
                            "SELECT",
                            "granted_to",
                            "USER",
                            "grantee_name",
                            "\"a\"\"b\"")),
                    ORDERS))
        .containsExactly("BEN", "a\"b");
    assertThat(
            new DatabricksDialect()
                .access(
                    rows(
                        row(
                            "principal",
                            "ana@X.org",
                            "actiontype",
                            "SELECT",
                            "objecttype",
                            "TABLE")),
                    CommandAction.GRANT,
                    List.of(ORDERS)))
        .containsEntry("Ana@x.org", Access.GRANTED);
    assertThat(
            new DatabricksDialect()
                .list(
                    rows(
                        row("principal", "ana", "actiontype", "SELECT", "objecttype", "SCHEMA"),
                        row("principal", "ben", "actiontype", "MODIFY", "objecttype", "TABLE")),
                    ORDERS))
        .isEmpty();
    assertThat(
            new BigQueryDialect("region-eu")
                .list(rows(row("grantee", "user:a@x"), row("grantee", "group:g@x")), ORDERS))
        .containsExactly("a@x");
  }

  /** Else no user could ever be the first of a source. */
  @Test
  void shouldTakeAMissingRoleForNoAccessOnlyBeforeAGrant() throws SQLException {
    var place = new Place("TABLE", ORDERS.path(), "sluice_orders", "ANA");
    Rows missing =
        sql -> {
          throw new SQLException("does not exist or not authorized", "02000", 2003);
        };
    var dialect = new SnowflakeDialect();

    assertThat(dialect.access(missing, CommandAction.GRANT, List.of(place))).isEmpty();
    assertThatThrownBy(() -> dialect.access(missing, CommandAction.REVOKE, List.of(place)))
        .isInstanceOf(SQLException.class);
    assertThatThrownBy(() -> dialect.access(missing, CommandAction.GRANT, List.of(ORDERS)))
        .isInstanceOf(SQLException.class);
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          snowflake,  02000, 2003,   does not exist or not authorized,               USER,     PERSON
          snowflake,  42501, 3001,   Insufficient privileges,                        SOURCE,   PERSON
          snowflake,  08001, 390100, Incorrect username or password,                 PLATFORM, PERSON
          databricks, 42704, 0,      [PRINCIPAL_DOES_NOT_EXIST] Could not find it,   USER,     TIME_THEN_PERSON
          databricks, 42P01, 0,      [TABLE_OR_VIEW_NOT_FOUND] The table,            SOURCE,   PERSON
          databricks, 42501, 0,      [INSUFFICIENT_PERMISSIONS] no,                  SOURCE,   PERSON
          databricks, HY000, 0,      HTTP 429 too many requests,                     PLATFORM, TIME
          redshift,   XX000, 0,      could not complete because of conflict with concurrent transaction, SOURCE, TIME
          redshift,   42704, 0,      user does not exist,                            USER,     TIME_THEN_PERSON
          bigquery,   HY000, 403,    rateLimitExceeded PERMISSION_DENIED,            SOURCE,   TIME
          bigquery,   HY000, 400,    IAM setPolicy failed: a@x does not exist,       USER,     TIME_THEN_PERSON
          bigquery,   HY000, 400,    The number of members in the policy (1503) is larger than 1500, SOURCE, PERSON
          bigquery,   HY000, 404,    Not found: Table p:d.t,                         SOURCE,   PERSON
          trino,      HY000, 0,      This connector does not support grants,         SOURCE,   NONE
          trino,      HY000, 0,      Table 'c.s.t' does not exist,                   SOURCE,   PERSON
          synapse,    S0001, 15151,  Cannot find the user,                           USER,     PERSON
          synapse,    S0001, 18456,  Login failed,                                   PLATFORM, PERSON
          synapse,    40001, 1205,   deadlock,                                       SOURCE,   TIME
          mariadb,    28000, 1133,   no matching row in the user table,              USER,     TIME_THEN_PERSON
          mariadb,    28000, 1045,   Access denied,                                  PLATFORM, PERSON
          postgresql, 08006, 0,      connection lost,                                PLATFORM, TIME
          postgresql, 57P01, 0,      terminated by an administrator,                 PLATFORM, TIME
          postgresql, 53300, 0,      too many connections,                           PLATFORM, TIME
          postgresql, 28P01, 0,      password authentication failed,                 PLATFORM, PERSON
          postgresql, 40P01, 0,      deadlock,                                       SOURCE,   TIME
          postgresql, 0A000, 0,      cross-database references,                      SOURCE,   NONE
          postgresql, 2BP01, 0,      dependent privileges,                           USER,     PERSON
          """)
  void shouldKnowWhatAnErrorMeans(
      String platform, String state, int code, String message, Scope scope, Remedy remedy) {
    var dialect =
        switch (platform) {
          case "snowflake" -> new SnowflakeDialect();
          case "databricks" -> new DatabricksDialect();
          case "redshift" -> new RedshiftDialect();
          case "bigquery" -> new BigQueryDialect("region-us");
          case "trino" -> new TrinoDialect();
          case "synapse" -> new SynapseDialect();
          case "mariadb" -> new MariaDbDialect();
          default -> new PostgresDialect();
        };

    var trouble = dialect.trouble(new SQLException(message, state, code));

    assertThat(trouble.scope()).isEqualTo(scope);
    assertThat(trouble.remedy()).isEqualTo(remedy);
    assertThat(trouble.message()).isEqualTo(message);
  }
}
