package dev.sluice.executor.jdbc;

import static dev.sluice.executor.jdbc.SqlText.literal;

import dev.sluice.delivery.CommandAction;
import dev.sluice.executor.Access;
import dev.sluice.executor.Place;
import dev.sluice.executor.Trouble;
import dev.sluice.executor.Trouble.Remedy;
import dev.sluice.executor.Trouble.Scope;
import dev.sluice.executor.platform.CaseRule;
import dev.sluice.executor.platform.Statement;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** H2, for demonstrations and tests. It has its users in upper case, also if they are quoted. */
final class H2Dialect extends TableDialect {
  static final String NAME = "h2";
  private static final int NAME_BYTES_MAX = 256;
  private static final int PARTS = 2;

  @Override
  String platform() {
    return NAME;
  }

  @Override
  boolean hasRoles() {
    return true;
  }

  @Override
  CaseRule caseRule() {
    return new CaseRule(true, false);
  }

  @Override
  @Nullable String problem(Place place) {
    return problem(place, PARTS, PARTS, NAME_BYTES_MAX);
  }

  /** An unquoted name is in upper case, which is how users are stored; roles are as written. */
  @Override
  String user(String principal) {
    return quote(principal.toUpperCase(Locale.ROOT));
  }

  @Override
  String object(Place place) {
    return path(place.path());
  }

  @Override
  List<Statement> role(Place object, String role, boolean givesUsage) {
    return List.of(
        Statement.of("CREATE ROLE IF NOT EXISTS " + quote(role)),
        Statement.of("GRANT SELECT ON %s TO %s".formatted(object(object), quote(role))));
  }

  @Override
  Map<String, Access> access(Rows rows, CommandAction purpose, List<Place> places)
      throws SQLException {
    var access = super.access(rows, purpose, places);
    var admins = new HashSet<String>();
    for (var row : rows.query("SELECT USER_NAME FROM INFORMATION_SCHEMA.USERS WHERE IS_ADMIN")) {
      admins.add(row.text("user_name").toLowerCase(Locale.ROOT));
    }
    access.replaceAll(
        (user, of) ->
            admins.contains(comparable(user))
                ? new Access(of.granted(), true, "the user is an administrator")
                : of);
    return access;
  }

  @Override
  List<String> list(Rows rows, Place object) throws SQLException {
    var role = object.role();
    return rows
        .query(
            role != null
                ? "SELECT GRANTEE FROM INFORMATION_SCHEMA.RIGHTS WHERE GRANTEDROLE = %s ORDER BY 1"
                    .formatted(literal(role))
                : ("SELECT GRANTEE FROM INFORMATION_SCHEMA.RIGHTS WHERE TABLE_SCHEMA = %s AND"
                        + " TABLE_NAME = %s AND RIGHTS LIKE '%%SELECT%%' AND GRANTEETYPE = 'USER'"
                        + " ORDER BY 1")
                    .formatted(literal(object.path().getFirst()), literal(object.path().getLast())))
        .stream()
        .map(row -> row.text("grantee").toLowerCase(Locale.ROOT))
        .toList();
  }

  @Override
  Trouble trouble(SQLException error) {
    return switch (error.getErrorCode()) {
      case 90071, 90032, 90070 -> Troubles.of(error, Scope.USER, Remedy.TIME_THEN_PERSON);
      case 42102, 42103, 42104, 90079, 90096, 90040 ->
          Troubles.of(error, Scope.SOURCE, Remedy.PERSON);
      case 50200, 57014 -> Troubles.of(error, Scope.USER, Remedy.TIME);
      case 90067, 90121, 90098, 90046 -> Troubles.of(error, Scope.PLATFORM, Remedy.TIME);
      case 28000 -> Troubles.of(error, Scope.PLATFORM, Remedy.PERSON);
      default -> Troubles.of(error);
    };
  }

  @Override
  boolean isNothingToRevoke(SQLException error) {
    return switch (error.getErrorCode()) {
      case 42102, 42103, 42104, 90079 -> true;
      default -> false;
    };
  }
}
