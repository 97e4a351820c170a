package dev.sluice.executor.jdbc;

import dev.sluice.delivery.CommandAction;
import dev.sluice.executor.Access;
import dev.sluice.executor.Place;
import dev.sluice.executor.Trouble;
import dev.sluice.executor.Trouble.Remedy;
import dev.sluice.executor.Trouble.Scope;
import dev.sluice.executor.platform.Statement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Snowflake. A grant to a user counts only in sessions with all secondary roles, which is the
 * default. Missing and not permitted are one error there.
 */
final class SnowflakeDialect extends TableDialect {
  static final String NAME = "snowflake";
  private static final int NAME_BYTES_MAX = 255;
  private static final int PARTS = 3;
  private static final int MISSING_OR_NOT_PERMITTED = 2003;

  @Override
  String platform() {
    return NAME;
  }

  @Override
  boolean hasRoles() {
    return true;
  }

  @Override
  List<String> session(Duration timeout) {
    return List.of(
        "ALTER SESSION SET STATEMENT_TIMEOUT_IN_SECONDS = " + Math.max(1, timeout.toSeconds()));
  }

  @Override
  @Nullable String problem(Place place) {
    return problem(place, PARTS, PARTS, NAME_BYTES_MAX);
  }

  @Override
  String user(String principal) {
    return "USER " + quote(principal);
  }

  @Override
  List<Statement> usage(Place object, List<String> grantees) {
    var statements = new ArrayList<Statement>();
    for (var grantee : grantees) {
      statements.add(
          Statement.of(
              "GRANT USAGE ON DATABASE %s TO %s"
                  .formatted(quote(object.path().getFirst()), grantee)));
      statements.add(
          Statement.of(
              "GRANT USAGE ON SCHEMA %s TO %s"
                  .formatted(path(object.path().subList(0, 2)), grantee)));
    }
    return statements;
  }

  @Override
  List<Statement> role(Place object, String role, boolean givesUsage) {
    var grantee = "ROLE " + quote(role);
    var statements = new ArrayList<Statement>();
    statements.add(
        Statement.of("CREATE ROLE IF NOT EXISTS %s COMMENT = 'Sluice'".formatted(quote(role))));
    if (givesUsage) {
      statements.addAll(usage(object, List.of(grantee)));
    }
    statements.add(Statement.of("GRANT SELECT ON %s TO %s".formatted(object(object), grantee)));
    return statements;
  }

  @Override
  String membership(CommandAction action, String role, String users) {
    return "%s ROLE %s %s %s"
        .formatted(action, quote(role), action == CommandAction.GRANT ? "TO" : "FROM", users);
  }

  /** Before the first GRANT the role is not there, which is the same error as a missing right. */
  @Override
  Map<String, Access> access(Rows rows, CommandAction purpose, List<Place> places)
      throws SQLException {
    try {
      return super.access(rows, purpose, places);
    } catch (SQLException e) {
      if (purpose == CommandAction.GRANT
          && places.getFirst().role() != null
          && e.getErrorCode() == MISSING_OR_NOT_PERMITTED) {
        return Map.of();
      }
      throw e;
    }
  }

  @Override
  List<String> list(Rows rows, Place object) throws SQLException {
    var role = object.role();
    return rows
        .query(
            role != null
                ? "SHOW GRANTS OF ROLE " + quote(role)
                : "SHOW GRANTS ON " + object(object))
        .stream()
        .filter(row -> row.text("granted_to").equalsIgnoreCase("USER"))
        .filter(row -> role != null || row.text("privilege").equalsIgnoreCase("SELECT"))
        .map(row -> unquoted(row.text("grantee_name")))
        .sorted()
        .toList();
  }

  /** A name is shown in quotes where it needs them. */
  private static String unquoted(String name) {
    return name.length() > 1 && name.startsWith("\"") && name.endsWith("\"")
        ? name.substring(1, name.length() - 1).replace("\"\"", "\"")
        : name;
  }

  @Override
  Trouble trouble(SQLException error) {
    return switch (error.getErrorCode()) {
      case MISSING_OR_NOT_PERMITTED, 2043 -> Troubles.of(error, Scope.USER, Remedy.PERSON);
      case 3001 -> Troubles.of(error, Scope.SOURCE, Remedy.PERSON);
      case 604, 630, 625 -> Troubles.of(error, Scope.USER, Remedy.TIME);
      case 390100, 390114, 390144, 390195 -> Troubles.of(error, Scope.PLATFORM, Remedy.PERSON);
      case 390189, 200001, 200002 -> Troubles.of(error, Scope.PLATFORM, Remedy.TIME);
      default ->
          String.valueOf(error.getMessage()).contains("429")
              ? Troubles.of(error, Scope.PLATFORM, Remedy.TIME)
              : Troubles.of(error);
    };
  }
}
