package dev.sluice.executor.jdbc;

import dev.sluice.delivery.CommandAction;
import dev.sluice.executor.Place;
import dev.sluice.executor.Trouble;
import dev.sluice.executor.Trouble.Remedy;
import dev.sluice.executor.Trouble.Scope;
import dev.sluice.executor.platform.CaseRule;
import dev.sluice.executor.platform.Statement;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Azure Synapse, dedicated pool. GRANT and REVOKE both take away a DENY, so nothing is run for a
 * user who has one.
 */
final class SynapseDialect extends TableDialect {
  static final String NAME = "synapse";
  private static final int NAME_BYTES_MAX = 128;
  private static final int PARTS = 2;

  @Override
  String platform() {
    return NAME;
  }

  @Override
  boolean hasRoles() {
    return false;
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
  @Nullable String problem(Place place) {
    return problem(place, PARTS, PARTS, NAME_BYTES_MAX);
  }

  @Override
  String quote(String name) {
    return SqlText.quoted('[', ']', name);
  }

  @Override
  String object(Place place) {
    return "OBJECT::" + path(place.path());
  }

  @Override
  Statement change(CommandAction action, Place object, List<String> principals, String sql) {
    return new Statement(
        sql,
        null,
        "SELECT TOP 1 'a DENY would be taken away, of ' + p.name FROM %s AND d.state = 'D' AND p.name IN (%s)"
            .formatted(
                permissions(object),
                principals.stream().map(SynapseDialect::text).collect(Collectors.joining(", "))));
  }

  @Override
  Scope refusalScope() {
    return Scope.USER;
  }

  private static String text(String value) {
    return "N" + SqlText.literal(value);
  }

  private static String permissions(Place object) {
    return ("sys.database_permissions d JOIN sys.database_principals p ON p.principal_id ="
            + " d.grantee_principal_id JOIN sys.objects o ON o.object_id = d.major_id JOIN"
            + " sys.schemas s ON s.schema_id = o.schema_id WHERE d.class = 1 AND d.minor_id = 0 AND"
            + " d.permission_name = 'SELECT' AND s.name = %s AND o.name = %s")
        .formatted(text(object.path().getFirst()), text(object.path().getLast()));
  }

  @Override
  List<String> list(Rows rows, Place object) throws SQLException {
    return rows
        .query(
            "SELECT p.name AS principal FROM %s AND d.state IN ('G', 'W') ORDER BY 1"
                .formatted(permissions(object)))
        .stream()
        .map(row -> row.text("principal").toLowerCase(Locale.ROOT))
        .toList();
  }

  @Override
  Trouble trouble(SQLException error) {
    return switch (error.getErrorCode()) {
      case 15151, 15404 -> Troubles.of(error, Scope.USER, Remedy.PERSON);
      case 229, 262, 15247, 208 -> Troubles.of(error, Scope.SOURCE, Remedy.PERSON);
      case 1205, 1222 -> Troubles.of(error, Scope.SOURCE, Remedy.TIME);
      case 18456, 4060, 40615 -> Troubles.of(error, Scope.PLATFORM, Remedy.PERSON);
      case 40197, 40501, 40613, 49918 -> Troubles.of(error, Scope.PLATFORM, Remedy.TIME);
      default -> Troubles.of(error);
    };
  }
}
