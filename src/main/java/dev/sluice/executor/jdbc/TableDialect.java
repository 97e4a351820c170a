package dev.sluice.executor.jdbc;

import dev.sluice.delivery.CommandAction;
import dev.sluice.executor.Access;
import dev.sluice.executor.Place;
import dev.sluice.executor.platform.Statement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A platform with grants on tables whose lists say who has them. Without other knowledge, a user
 * who has no such grant has no access: access by another way is not seen.
 */
abstract class TableDialect extends Dialect {

  /** Returns whether one statement can name several users. */
  boolean takesManyUsers() {
    return false;
  }

  String quote(String name) {
    return SqlText.quoted(name);
  }

  String path(List<String> path) {
    return path.stream().map(this::quote).collect(Collectors.joining("."));
  }

  /** Returns the object as a statement names it. */
  String object(Place place) {
    return place.kind() + " " + path(place.path());
  }

  /** Returns a user as a statement names it. */
  String user(String principal) {
    return quote(principal);
  }

  /** Returns the privilege that lets a user read. */
  String privilege() {
    return "SELECT";
  }

  /** Returns what has to be there before users are granted the object. */
  List<Statement> usage(Place object, List<String> grantees) {
    return List.of();
  }

  /** Returns what makes the role of a source. */
  List<Statement> role(Place object, String role, boolean givesUsage) {
    throw new IllegalStateException(platform() + " has no roles");
  }

  /** Returns the words that give a role to users. */
  String membership(CommandAction action, String role, String users) {
    return "%s %s %s %s"
        .formatted(action, quote(role), action == CommandAction.GRANT ? "TO" : "FROM", users);
  }

  /** Returns a statement about users, possibly with a check before it. */
  Statement change(CommandAction action, Place object, List<String> principals, String sql) {
    return Statement.of(sql);
  }

  @Override
  List<Statement> statements(CommandAction action, List<Place> places, boolean givesUsage) {
    var object = places.getFirst();
    var isGrant = action == CommandAction.GRANT;
    var statements = new ArrayList<Statement>();
    var role = object.role();
    var principals = places.stream().map(Place::principal).toList();
    if (isGrant && role != null) {
      statements.addAll(role(object, role, givesUsage));
    } else if (isGrant && givesUsage) {
      for (var some : portions(principals)) {
        statements.addAll(usage(object, some.stream().map(this::user).toList()));
      }
    }
    for (var some : portions(principals)) {
      var users = some.stream().map(this::user).collect(Collectors.joining(", "));
      var sql =
          role != null
              ? membership(action, role, users)
              : "%s %s ON %s %s %s"
                  .formatted(action, privilege(), object(object), isGrant ? "TO" : "FROM", users);
      statements.add(change(action, object, some, sql));
    }
    return statements;
  }

  private List<List<String>> portions(List<String> principals) {
    return takesManyUsers() ? List.of(principals) : principals.stream().map(List::of).toList();
  }

  @Override
  Map<String, Access> access(Rows rows, CommandAction purpose, List<Place> places)
      throws SQLException {
    var granted = new HashSet<>(list(rows, places.getFirst()));
    var access = new HashMap<String, Access>();
    for (var place : places) {
      access.put(
          place.principal(),
          granted.contains(comparable(place.principal())) ? Access.GRANTED : Access.NONE);
    }
    return access;
  }

  /** Returns a principal as {@link #list} gives it. */
  String comparable(String principal) {
    return caseRule().confusesUsers() ? principal.toLowerCase(Locale.ROOT) : principal;
  }
}
