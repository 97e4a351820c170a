package dev.sluice.executor.jdbc;

import static dev.sluice.executor.jdbc.SqlText.literal;
import static dev.sluice.executor.jdbc.SqlText.literals;
import static dev.sluice.executor.jdbc.SqlText.path;
import static dev.sluice.executor.jdbc.SqlText.quoted;

import dev.sluice.delivery.CommandAction;
import dev.sluice.executor.Access;
import dev.sluice.executor.Place;
import dev.sluice.executor.Trouble;
import dev.sluice.executor.Trouble.Remedy;
import dev.sluice.executor.Trouble.Scope;
import dev.sluice.executor.platform.Statement;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * PostgreSQL. Access is a grant to the user, or membership in a role of the source.
 *
 * <p>Two grants on one table at the same time fail there, so each transaction first takes an
 * advisory lock. A repeated GRANT writes the table's catalog row anew, so what only prepares a
 * grant is left out if it is there already.
 */
final class PostgresDialect extends Dialect {
  static final String NAME = "postgresql";

  /** Longer names are cut without an error. */
  private static final int NAME_BYTES_MAX = 63;

  private static final int PARTS = 2;

  /** The comment by which a role is known as Sluice's own. */
  private static final String MARK = "Sluice";

  /** The kinds of objects that can be read. */
  private static final String RELATIONS = "c.relkind IN ('r', 'v', 'm', 'f', 'p')";

  /** Whether a grantor is the one in whose name Sluice's REVOKE acts. */
  private static final String MINE =
      "CASE WHEN pg_has_role(c.relowner, 'USAGE') THEN a.grantor = c.relowner"
          + " ELSE pg_has_role(a.grantor, 'USAGE') END";

  private static final String ACL =
      "aclexplode(coalesce(c.relacl, acldefault('r', c.relowner))) a"
          + " WHERE a.privilege_type = 'SELECT'";

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
  List<String> session(Duration timeout) {
    return List.of(
        "SET statement_timeout = " + timeout.toMillis(),
        "SET standard_conforming_strings = on",
        "SET search_path = pg_catalog");
  }

  @Override
  @Nullable String problem(Place place) {
    var problem = problem(place, PARTS, PARTS, NAME_BYTES_MAX);
    if (problem != null) {
      return problem;
    }
    var role = place.role();
    return isReserved(place.principal())
        ? "the user %s has a name that PostgreSQL keeps for itself".formatted(place.principal())
        : role != null && isReserved(role)
            ? "the role %s has a name that PostgreSQL keeps for itself".formatted(role)
            : null;
  }

  private static boolean isReserved(String name) {
    return name.startsWith("pg_") || name.equals("none");
  }

  @Override
  List<Statement> statements(CommandAction action, List<Place> places, boolean givesUsage) {
    var object = places.getFirst();
    var role = object.role();
    var users = places.stream().map(place -> quoted(place.principal())).toList();
    var statements = new ArrayList<Statement>();
    var isGrant = action == CommandAction.GRANT;
    if (isGrant && givesUsage) {
      statements.add(lock(object.path().subList(0, 1)));
    }
    statements.add(lock(object.path()));
    if (role != null) {
      if (isGrant) {
        prepare(statements, object, role, givesUsage);
      }
      statements.add(
          isGrant
              ? new Statement(
                  "GRANT %s TO %s".formatted(quoted(role), String.join(", ", users)),
                  null,
                  foreignRole(role))
              : Statement.of(
                  "REVOKE %s FROM %s".formatted(quoted(role), String.join(", ", users))));
      return statements;
    }
    if (isGrant && givesUsage) {
      statements.add(usage(object, places.stream().map(Place::principal).toList()));
    }
    statements.add(
        Statement.of(
            "%s SELECT ON TABLE %s %s %s"
                .formatted(
                    action,
                    path(object.path()),
                    isGrant ? "TO" : "FROM",
                    String.join(", ", users))));
    return statements;
  }

  private static Statement lock(List<String> path) {
    return Statement.of(
        "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))"
            .formatted(literal("sluice " + path(path))));
  }

  private static void prepare(
      List<Statement> statements, Place object, String role, boolean givesUsage) {
    statements.add(
        Statement.unless(
            "SELECT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = %s)".formatted(literal(role)),
            "CREATE ROLE %s NOLOGIN; COMMENT ON ROLE %s IS %s"
                .formatted(quoted(role), quoted(role), literal(MARK))));
    if (givesUsage) {
      statements.add(usage(object, List.of(role)));
    }
    statements.add(
        Statement.unless(
            "SELECT EXISTS (SELECT 1 FROM pg_class c, %s AND c.oid = %s::regclass AND a.grantee = (SELECT oid FROM pg_roles WHERE rolname = %s))"
                .formatted(ACL, literal(path(object.path())), literal(role)),
            "GRANT SELECT ON TABLE %s TO %s".formatted(path(object.path()), quoted(role))));
  }

  private static Statement usage(Place object, List<String> roles) {
    var schema = object.path().getFirst();
    return Statement.unless(
        "SELECT NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname IN (%s) AND NOT has_schema_privilege(oid, %s, 'USAGE'))"
            .formatted(literals(roles), literal(schema)),
        "GRANT USAGE ON SCHEMA %s TO %s"
            .formatted(
                quoted(schema),
                roles.stream().map(SqlText::quoted).collect(Collectors.joining(", "))));
  }

  /** A role of that name that somebody made may give much more than the source. */
  private static String foreignRole(String role) {
    return ("SELECT 'the role exists, and is not Sluice''s own: it needs the comment \"%s\", and"
            + " neither LOGIN nor SUPERUSER' FROM pg_roles WHERE rolname = %s AND (rolsuper OR"
            + " rolcanlogin OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls"
            + " OR shobj_description(oid, 'pg_authid') IS DISTINCT FROM %s)")
        .formatted(MARK, literal(role), literal(MARK));
  }

  @Override
  Map<String, Access> access(Rows rows, CommandAction purpose, List<Place> places)
      throws SQLException {
    var access = new HashMap<String, Access>();
    for (var row : rows.query(accessQuery(places))) {
      access.put(row.text("principal"), access(row, purpose));
    }
    return access;
  }

  private static Access access(Rows.Row row, CommandAction purpose) {
    var granted = row.isTrue("granted");
    if (purpose == CommandAction.REVOKE) {
      var reads = row.isTrue("reads_any");
      return new Access(granted, reads, reads && !granted ? how(row) : null);
    }
    var lacks =
        !row.isTrue("reads")
            ? granted ? "the user does not inherit the rights of roles" : null
            : !row.isTrue("has_usage")
                ? "the user has no USAGE on the schema"
                : !row.isTrue("has_connect") ? "the user has no CONNECT on the database" : null;
    return new Access(granted, row.isTrue("reads") && lacks == null, lacks);
  }

  private static String how(Rows.Row row) {
    var how = row.text("how");
    return how.isEmpty() ? "in a way that the table's rights do not show" : how;
  }

  /**
   * Missing users and tables give a row too: there is no access. How somebody reads without
   * Sluice's grant is found out only for those.
   */
  private static String accessQuery(List<Place> places) {
    var object = places.getFirst();
    var role = object.role();
    var granted =
        role == null
            ? "EXISTS (SELECT 1 FROM acl WHERE acl.grantee = r.oid AND acl.mine)"
            : ("EXISTS (SELECT 1 FROM pg_auth_members m JOIN pg_roles s ON s.oid = m.roleid"
                    + " WHERE m.member = r.oid AND s.rolname = %s)")
                .formatted(literal(role));
    var names =
        places.stream()
            .map(place -> "(%s)".formatted(literal(place.principal())))
            .collect(Collectors.joining(", "));
    return """
    WITH c AS MATERIALIZED (SELECT c.oid, c.relowner, c.relacl, n.oid AS schema
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = %s AND c.relname = %s AND %s),
      acl AS MATERIALIZED (SELECT a.grantee, a.grantor, %s AS mine FROM c, %s),
      u AS MATERIALIZED (SELECT u.name, r.oid, r.rolsuper, %s AS granted
        FROM (VALUES %s) u(name) JOIN pg_roles r ON r.rolname = u.name)
    SELECT r.name AS principal, r.granted,
      coalesce(has_table_privilege(r.oid, c.oid, 'SELECT'), false) AS reads,
      coalesce(has_any_column_privilege(r.oid, c.oid, 'SELECT'), false) AS reads_any,
      coalesce(has_schema_privilege(r.oid, c.schema, 'USAGE'), false) AS has_usage,
      has_database_privilege(r.oid, current_database(), 'CONNECT') AS has_connect,
      CASE WHEN r.granted OR c.oid IS NULL
          OR NOT has_any_column_privilege(r.oid, c.oid, 'SELECT') THEN NULL
        WHEN r.rolsuper THEN 'the user is a superuser'
        WHEN pg_has_role(r.oid, c.relowner, 'USAGE') THEN 'the user has the rights of the owner'
        WHEN EXISTS (SELECT 1 FROM acl WHERE grantee = 0)
          THEN 'everybody can, by a grant to PUBLIC'
        WHEN EXISTS (SELECT 1 FROM acl WHERE grantee = r.oid) THEN 'by a grant of '
          || (SELECT string_agg(DISTINCT pg_get_userbyid(grantor), ', ')
            FROM acl WHERE grantee = r.oid)
        ELSE 'as a member of ' || (SELECT string_agg(DISTINCT pg_get_userbyid(grantee), ', ')
          FROM acl WHERE grantee <> 0 AND pg_has_role(r.oid, grantee, 'USAGE')) END AS how
    FROM u r LEFT JOIN c ON true
    """
        .formatted(
            literal(object.path().getFirst()),
            literal(object.path().getLast()),
            RELATIONS,
            MINE,
            ACL,
            granted,
            names);
  }

  @Override
  List<String> list(Rows rows, Place object) throws SQLException {
    var role = object.role();
    var found =
        rows.query(
            role == null
                ? ("SELECT DISTINCT pg_get_userbyid(a.grantee) COLLATE \"C\" AS principal"
                        + " FROM pg_class c, %s AND c.oid = %s::regclass AND a.grantee <> 0"
                        + " AND a.grantee <> c.relowner AND %s ORDER BY 1")
                    .formatted(ACL, literal(path(object.path())), MINE)
                : ("SELECT DISTINCT u.rolname COLLATE \"C\" AS principal FROM pg_auth_members m"
                        + " JOIN pg_roles u ON u.oid = m.member JOIN pg_roles s ON s.oid = m.roleid"
                        + " WHERE s.rolname = %s ORDER BY 1")
                    .formatted(literal(role)));
    return found.stream().map(row -> row.text("principal")).toList();
  }

  @Override
  Trouble trouble(SQLException error) {
    var state = String.valueOf(error.getSQLState());
    return switch (state) {
      case "42704" -> Troubles.of(error, Scope.USER, Remedy.TIME_THEN_PERSON);
      case "42P01", "3F000", "42809", "25006" -> Troubles.of(error, Scope.SOURCE, Remedy.PERSON);
      case "3D000" -> Troubles.of(error, Scope.PLATFORM, Remedy.PERSON);
      case "57014" -> Troubles.of(error, Scope.USER, Remedy.TIME);
      case "55P03" -> Troubles.of(error, Scope.SOURCE, Remedy.TIME);
      case "2BP01", "0LP01" -> Troubles.of(error, Scope.USER, Remedy.PERSON);
      // The table has no room for another grant, whoever it is for.
      case "54000" -> Troubles.of(error, Scope.SOURCE, Remedy.PERSON);
      case "42622", "42602" -> Troubles.of(error, Scope.USER, Remedy.NONE);
      case "XX000" ->
          Troubles.of(
              error,
              Scope.SOURCE,
              String.valueOf(error.getMessage()).contains("concurrently")
                  ? Remedy.TIME
                  : Remedy.PERSON);
      default -> Troubles.of(error);
    };
  }

  /** Some statements do nothing, warn, and succeed. */
  @Override
  @Nullable Trouble warning(SQLWarning warning) {
    return switch (String.valueOf(warning.getSQLState())) {
      case "01006", "01007" -> Troubles.of(warning, Scope.SOURCE, Remedy.PERSON);
      case "42622" -> Troubles.of(warning, Scope.USER, Remedy.NONE);
      default -> null;
    };
  }

  @Override
  boolean isNothingToRevoke(SQLException error) {
    return "42P01".equals(error.getSQLState()) || "3F000".equals(error.getSQLState());
  }
}
