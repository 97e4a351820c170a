package dev.sluice.executor.jdbc;

import static dev.sluice.executor.jdbc.SqlText.literal;

import dev.sluice.executor.Place;
import dev.sluice.executor.Trouble;
import dev.sluice.executor.Trouble.Remedy;
import dev.sluice.executor.Trouble.Scope;
import dev.sluice.executor.platform.CaseRule;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Trino and Starburst, with a connector that takes grants. It does not check whether users exist.
 */
final class TrinoDialect extends TableDialect {
  static final String NAME = "trino";
  private static final int NAME_BYTES_MAX = 255;
  private static final int PARTS = 3;

  @Override
  String platform() {
    return NAME;
  }

  @Override
  boolean hasRoles() {
    return false;
  }

  /** Users are told apart, tables are not. */
  @Override
  CaseRule caseRule() {
    return new CaseRule(false, true);
  }

  @Override
  @Nullable String problem(Place place) {
    return problem(place, PARTS, PARTS, NAME_BYTES_MAX);
  }

  @Override
  String object(Place place) {
    return "TABLE " + path(place.path());
  }

  @Override
  String user(String principal) {
    return "USER " + quote(principal);
  }

  @Override
  List<String> list(Rows rows, Place object) throws SQLException {
    return rows
        .query(
            "SELECT grantee FROM %s.information_schema.table_privileges WHERE table_schema = %s AND table_name = %s AND privilege_type = 'SELECT' AND grantee_type = 'USER' ORDER BY 1"
                .formatted(
                    quote(object.path().getFirst()),
                    literal(object.path().get(1)),
                    literal(object.path().getLast())))
        .stream()
        .map(row -> row.text("grantee"))
        .toList();
  }

  @Override
  Trouble trouble(SQLException error) {
    var message = String.valueOf(error.getMessage());
    if (message.contains("does not support") || message.contains("NOT_SUPPORTED")) {
      return Troubles.of(error, Scope.SOURCE, Remedy.NONE);
    }
    if (message.contains("does not exist") || message.contains("Access Denied")) {
      return Troubles.of(error, Scope.SOURCE, Remedy.PERSON);
    }
    return Troubles.of(error);
  }
}
