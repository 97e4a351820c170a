package dev.sluice.executor.jdbc;

import static dev.sluice.executor.jdbc.SqlText.literal;

import dev.sluice.delivery.CommandAction;
import dev.sluice.executor.Place;
import dev.sluice.executor.Trouble;
import dev.sluice.executor.Trouble.Remedy;
import dev.sluice.executor.Trouble.Scope;
import dev.sluice.executor.platform.CaseRule;
import dev.sluice.executor.platform.Statement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Amazon Redshift. Names are folded to lower case, also in quotes, unless the cluster says else.
 */
final class RedshiftDialect extends TableDialect {
  static final String NAME = "redshift";
  private static final int NAME_BYTES_MAX = 127;
  private static final int PARTS = 2;

  @Override
  String platform() {
    return NAME;
  }

  @Override
  boolean isTransactional() {
    return true;
  }

  @Override
  boolean hasRoles() {
    return true;
  }

  @Override
  CaseRule caseRule() {
    return CaseRule.FOLDED;
  }

  @Override
  boolean takesManyUsers() {
    return true;
  }

  @Override
  List<String> session(Duration timeout) {
    return List.of("SET statement_timeout = " + timeout.toMillis());
  }

  @Override
  @Nullable String problem(Place place) {
    var role = place.role();
    return role != null && (role.matches("(?s).*[:/\\n.].*") || role.startsWith("sys"))
        ? "the role %s has : or / or . in it, or begins with sys".formatted(role)
        : problem(place, PARTS, PARTS, NAME_BYTES_MAX);
  }

  @Override
  String object(Place place) {
    return "TABLE " + path(place.path()); // for views too
  }

  @Override
  List<Statement> usage(Place object, List<String> grantees) {
    return List.of(
        Statement.of(
            "GRANT USAGE ON SCHEMA %s TO %s"
                .formatted(quote(object.path().getFirst()), String.join(", ", grantees))));
  }

  @Override
  List<Statement> role(Place object, String role, boolean givesUsage) {
    var statements = new ArrayList<Statement>();
    statements.add(
        Statement.unless(
            "SELECT EXISTS (SELECT 1 FROM svv_roles WHERE role_name = %s)".formatted(literal(role)),
            "CREATE ROLE " + quote(role)));
    if (givesUsage) {
      statements.addAll(usage(object, List.of("ROLE " + quote(role))));
    }
    statements.add(
        Statement.of("GRANT SELECT ON %s TO ROLE %s".formatted(object(object), quote(role))));
    return statements;
  }

  @Override
  String membership(CommandAction action, String role, String users) {
    return "%s ROLE %s %s %s"
        .formatted(action, quote(role), action == CommandAction.GRANT ? "TO" : "FROM", users);
  }

  @Override
  List<String> list(Rows rows, Place object) throws SQLException {
    var role = object.role();
    return rows
        .query(
            role != null
                ? "SELECT user_name AS principal FROM svv_user_grants WHERE role_name = %s ORDER BY 1"
                    .formatted(literal(role))
                : ("SELECT identity_name AS principal FROM svv_relation_privileges WHERE"
                        + " namespace_name = %s AND relation_name = %s AND privilege_type ="
                        + " 'SELECT' AND identity_type = 'user' ORDER BY 1")
                    .formatted(literal(object.path().getFirst()), literal(object.path().getLast())))
        .stream()
        .map(row -> row.text("principal").toLowerCase(Locale.ROOT))
        .toList();
  }

  @Override
  Trouble trouble(SQLException error) {
    var message = String.valueOf(error.getMessage());
    if (message.contains("concurrent transaction")
        || message.contains("1023")
        || message.contains("Serializable isolation violation")) {
      return Troubles.of(error, Scope.SOURCE, Remedy.TIME);
    }
    return new PostgresDialect().trouble(error);
  }

  @Override
  boolean isNothingToRevoke(SQLException error) {
    return new PostgresDialect().isNothingToRevoke(error);
  }
}
