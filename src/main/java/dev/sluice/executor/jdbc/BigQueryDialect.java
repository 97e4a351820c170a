package dev.sluice.executor.jdbc;

import dev.sluice.executor.Place;
import dev.sluice.executor.Trouble;
import dev.sluice.executor.Trouble.Remedy;
import dev.sluice.executor.Trouble.Scope;
import dev.sluice.executor.platform.CaseRule;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** BigQuery. A user is an e-mail address. */
final class BigQueryDialect extends TableDialect {
  static final String NAME = "bigquery";
  private static final String ROLE = "roles/bigquery.dataViewer";
  private static final String USER = "user:";
  private static final int NAME_BYTES_MAX = 1_024;
  private static final int PARTS = 3;

  private final String region;

  /**
   * Makes a dialect.
   *
   * @param region the region of the datasets, such as {@code region-eu}: rights are listed by
   *     region
   */
  BigQueryDialect(String region) {
    if (!region.matches("[a-z0-9-]+")) {
      throw new IllegalArgumentException("the region must be a word such as region-eu");
    }
    this.region = region;
  }

  @Override
  String platform() {
    return NAME;
  }

  @Override
  boolean hasRoles() {
    return false;
  }

  /** Tables are told apart, addresses are not. */
  @Override
  CaseRule caseRule() {
    return new CaseRule(true, false);
  }

  @Override
  boolean takesManyUsers() {
    return true;
  }

  @Override
  @Nullable String problem(Place place) {
    if (!place.principal().matches("[^\\s\"'\\\\@:]+@[^\\s\"'\\\\@:]+")) {
      return "the user %s is not an e-mail address".formatted(place.principal());
    }
    if (place.path().stream().anyMatch(part -> part.contains("`") || part.contains("\\"))) {
      return "the object's name has ` or \\ in it";
    }
    return problem(place, PARTS, PARTS, NAME_BYTES_MAX);
  }

  @Override
  String quote(String name) {
    return "`" + name + "`";
  }

  @Override
  String privilege() {
    return quote(ROLE);
  }

  @Override
  String user(String principal) {
    return '"' + USER + principal + '"';
  }

  @Override
  List<String> list(Rows rows, Place object) throws SQLException {
    return rows
        .query(
            "SELECT grantee FROM %s.INFORMATION_SCHEMA.OBJECT_PRIVILEGES WHERE object_schema = '%s' AND object_name = '%s' AND privilege_type = '%s'"
                .formatted(
                    quote(object.path().getFirst() + "." + region),
                    object.path().get(1).replace("'", "\\'"),
                    object.path().getLast().replace("'", "\\'"),
                    ROLE))
        .stream()
        .map(row -> row.text("grantee"))
        .filter(grantee -> grantee.startsWith(USER))
        .map(grantee -> grantee.substring(USER.length()).toLowerCase(Locale.ROOT))
        .sorted()
        .toList();
  }

  /** One status stands for quite different errors, so the words decide. */
  @Override
  Trouble trouble(SQLException error) {
    var message = String.valueOf(error.getMessage());
    if (message.contains("rateLimitExceeded") || message.contains("quotaExceeded")) {
      return Troubles.of(error, Scope.SOURCE, Remedy.TIME);
    }
    if (message.contains("number of members in the policy")) {
      return Troubles.of(error, Scope.SOURCE, Remedy.PERSON);
    }
    if (message.contains("Not found: Table") || message.contains("Not found: Dataset")) {
      return Troubles.of(error, Scope.SOURCE, Remedy.PERSON);
    }
    if (message.contains("does not exist")) {
      return Troubles.of(error, Scope.USER, Remedy.TIME_THEN_PERSON);
    }
    if (message.contains("Access Denied") || message.contains("PERMISSION_DENIED")) {
      return Troubles.of(error, Scope.SOURCE, Remedy.PERSON);
    }
    return Troubles.of(error);
  }
}
