package dev.sluice.executor.jdbc;

import dev.sluice.executor.Place;
import dev.sluice.executor.Trouble;
import dev.sluice.executor.Trouble.Remedy;
import dev.sluice.executor.Trouble.Scope;
import dev.sluice.executor.platform.CaseRule;
import dev.sluice.executor.platform.Statement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Databricks with Unity Catalog. */
final class DatabricksDialect extends TableDialect {
  static final String NAME = "databricks";
  private static final int NAME_BYTES_MAX = 255;
  private static final int PARTS = 3;

  /** Groups that hold everybody. */
  private static final Set<String> EVERYBODY = Set.of("account users", "users");

  @Override
  String platform() {
    return NAME;
  }

  /** Its groups come from the identity system, which is not reached by statements. */
  @Override
  boolean hasRoles() {
    return false;
  }

  @Override
  CaseRule caseRule() {
    return CaseRule.FOLDED;
  }

  @Override
  @Nullable String problem(Place place) {
    return EVERYBODY.contains(place.principal().toLowerCase(Locale.ROOT))
        ? "the user %s is a group of everybody".formatted(place.principal())
        : problem(place, PARTS, PARTS, NAME_BYTES_MAX);
  }

  @Override
  String quote(String name) {
    return SqlText.quoted('`', '`', name);
  }

  @Override
  List<Statement> usage(Place object, List<String> grantees) {
    var statements = new ArrayList<Statement>();
    for (var grantee : grantees) {
      statements.add(
          Statement.of(
              "GRANT USE CATALOG ON CATALOG %s TO %s"
                  .formatted(quote(object.path().getFirst()), grantee)));
      statements.add(
          Statement.of(
              "GRANT USE SCHEMA ON SCHEMA %s TO %s"
                  .formatted(path(object.path().subList(0, 2)), grantee)));
    }
    return statements;
  }

  /** Rights that come from the catalog or schema have another object in the list. */
  @Override
  List<String> list(Rows rows, Place object) throws SQLException {
    return rows.query("SHOW GRANTS ON " + object(object)).stream()
        .filter(row -> row.text("actiontype").equalsIgnoreCase("SELECT"))
        .filter(row -> row.text("objecttype").equalsIgnoreCase(object.kind()))
        .map(row -> row.text("principal").toLowerCase(Locale.ROOT))
        .sorted()
        .toList();
  }

  @Override
  Trouble trouble(SQLException error) {
    var message = String.valueOf(error.getMessage());
    if (message.contains("PRINCIPAL_DOES_NOT_EXIST")
        || message.contains("Could not find principal")) {
      return Troubles.of(error, Scope.USER, Remedy.TIME_THEN_PERSON);
    }
    if (message.contains("TABLE_OR_VIEW_NOT_FOUND")
        || message.contains("SCHEMA_NOT_FOUND")
        || message.contains("PERMISSION_DENIED")
        || message.contains("INSUFFICIENT_PERMISSIONS")) {
      return Troubles.of(error, Scope.SOURCE, Remedy.PERSON);
    }
    if (message.contains("429") || message.contains("REQUEST_LIMIT_EXCEEDED")) {
      return Troubles.of(error, Scope.PLATFORM, Remedy.TIME);
    }
    return Troubles.of(error);
  }

  @Override
  boolean isNothingToRevoke(SQLException error) {
    return false; // a table that cannot be seen may be there
  }
}
