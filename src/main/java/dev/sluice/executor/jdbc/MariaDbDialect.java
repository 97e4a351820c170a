package dev.sluice.executor.jdbc;

import dev.sluice.delivery.CommandAction;
import dev.sluice.executor.Access;
import dev.sluice.executor.Place;
import dev.sluice.executor.Trouble;
import dev.sluice.executor.Trouble.Remedy;
import dev.sluice.executor.Trouble.Scope;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** MariaDB. Users are those who may connect from any host. */
final class MariaDbDialect extends TableDialect {
  static final String NAME = "mariadb";
  private static final int NAME_BYTES_MAX = 64;
  private static final int PARTS = 2;

  @Override
  String platform() {
    return NAME;
  }

  /** Its roles have no effect before the user activates them. */
  @Override
  boolean hasRoles() {
    return false;
  }

  @Override
  List<String> session(Duration timeout) {
    return List.of(
        // Names and texts mean what they say, and a GRANT to a missing user makes none.
        "SET sql_mode = 'STRICT_ALL_TABLES,NO_AUTO_CREATE_USER,NO_BACKSLASH_ESCAPES'",
        "SET max_statement_time = " + Math.max(1, timeout.toSeconds()),
        "SET lock_wait_timeout = " + Math.max(1, timeout.toSeconds()));
  }

  @Override
  @Nullable String problem(Place place) {
    return problem(place, PARTS, PARTS, NAME_BYTES_MAX);
  }

  @Override
  String quote(String name) {
    return SqlText.quoted('`', '`', name);
  }

  @Override
  String object(Place place) {
    return "TABLE " + path(place.path());
  }

  @Override
  String user(String principal) {
    return SqlText.literal(principal) + "@'%'";
  }

  @Override
  Map<String, Access> access(Rows rows, CommandAction purpose, List<Place> places)
      throws SQLException {
    var access = new HashMap<String, Access>();
    var object = places.getFirst();
    var schema = SqlText.literal(object.path().getFirst());
    var table = SqlText.literal(object.path().getLast());
    var users = SqlText.literals(places.stream().map(Place::principal).collect(Collectors.toSet()));
    for (var row :
        rows.query(
            """
            SELECT u.User AS principal,
              EXISTS (SELECT 1 FROM mysql.tables_priv t WHERE t.User = u.User AND t.Host = '%%'
                AND t.Db = %s AND t.Table_name = %s AND FIND_IN_SET('Select', t.Table_priv)) AS granted,
              max(u.Select_priv = 'Y') AS everywhere,
              EXISTS (SELECT 1 FROM mysql.db d WHERE d.User = u.User AND %s LIKE d.Db
                AND d.Select_priv = 'Y') AS of_schema,
              EXISTS (SELECT 1 FROM mysql.tables_priv t WHERE t.User = u.User AND t.Host <> '%%'
                AND t.Db = %s AND t.Table_name = %s AND FIND_IN_SET('Select', t.Table_priv)) AS of_host,
              EXISTS (SELECT 1 FROM mysql.columns_priv c WHERE c.User = u.User AND c.Db = %s
                AND c.Table_name = %s AND FIND_IN_SET('Select', c.Column_priv)) AS of_columns
            FROM mysql.user u WHERE u.User IN (%s) GROUP BY u.User
            """
                .formatted(schema, table, schema, schema, table, schema, table, users))) {
      var how =
          row.isTrue("everywhere")
              ? "by a grant on everything"
              : row.isTrue("of_schema")
                  ? "by a grant on the database"
                  : row.isTrue("of_host")
                      ? "by a grant to the user at another host"
                      : row.isTrue("of_columns") ? "by a grant on columns" : null;
      var granted = row.isTrue("granted");
      access.put(row.text("principal"), new Access(granted, granted || how != null, how));
    }
    return access;
  }

  @Override
  List<String> list(Rows rows, Place object) throws SQLException {
    return rows
        .query(
            ("SELECT DISTINCT User AS principal FROM mysql.tables_priv WHERE Host = '%%' AND Db ="
                    + " %s AND Table_name = %s AND FIND_IN_SET('Select', Table_priv) ORDER BY 1")
                .formatted(
                    SqlText.literal(object.path().getFirst()),
                    SqlText.literal(object.path().getLast())))
        .stream()
        .map(row -> row.text("principal"))
        .toList();
  }

  @Override
  Trouble trouble(SQLException error) {
    return switch (error.getErrorCode()) {
      case 1133, 1396, 1959 -> Troubles.of(error, Scope.USER, Remedy.TIME_THEN_PERSON);
      case 1146, 1049, 1142, 1143, 1044, 1227 -> Troubles.of(error, Scope.SOURCE, Remedy.PERSON);
      case 1470, 1059, 1102, 1103 -> Troubles.of(error, Scope.USER, Remedy.NONE);
      case 1205, 1969, 3024 -> Troubles.of(error, Scope.USER, Remedy.TIME);
      case 1213 -> Troubles.of(error, Scope.SOURCE, Remedy.TIME);
      case 1040, 1203, 1290, 1836 -> Troubles.of(error, Scope.PLATFORM, Remedy.TIME);
      case 1045, 1698 -> Troubles.of(error, Scope.PLATFORM, Remedy.PERSON);
      default -> Troubles.of(error);
    };
  }

  /** No such grant, or no such table. */
  @Override
  boolean isNothingToRevoke(SQLException error) {
    return switch (error.getErrorCode()) {
      case 1141, 1147, 1146, 1049 -> true;
      default -> false;
    };
  }
}
