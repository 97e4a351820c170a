package dev.sluice.executor.jdbc;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.delivery.CommandAction;
import dev.sluice.executor.Access;
import dev.sluice.executor.Place;
import dev.sluice.executor.Trouble;
import dev.sluice.executor.Trouble.Scope;
import dev.sluice.executor.platform.CaseRule;
import dev.sluice.executor.platform.Statement;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Differences between one platform and the next. All places of a call differ in nothing but the
 * user.
 */
abstract class Dialect {

  /** Returns the platform's name in the setting. */
  abstract String platform();

  /** Returns whether several statements can be one transaction. */
  boolean isTransactional() {
    return false;
  }

  /** Returns what the platform takes for the same if only the case differs. */
  CaseRule caseRule() {
    return CaseRule.EXACT;
  }

  /** Returns whether access can be membership in a role. */
  abstract boolean hasRoles();

  /** Returns what is run first in each connection. */
  List<String> session(Duration timeout) {
    return List.of();
  }

  /** Returns why names cannot be used, in words; null if they can. */
  abstract @Nullable String problem(Place place);

  /**
   * Returns the statements of one action.
   *
   * @param givesUsage whether the right to use the schema is given too
   */
  abstract List<Statement> statements(CommandAction action, List<Place> places, boolean givesUsage);

  /** Asks what access there is; by the principal. */
  abstract Map<String, Access> access(Rows rows, CommandAction purpose, List<Place> places)
      throws SQLException;

  /** Asks who has a grant that a REVOKE would take. */
  abstract List<String> list(Rows rows, Place object) throws SQLException;

  /** Returns what an error means. */
  abstract Trouble trouble(SQLException error);

  /** Returns what a warning means; null if the statement did what it says. */
  @Nullable Trouble warning(SQLWarning warning) {
    return null;
  }

  /** Returns whether an error says that there was nothing to revoke; the platform is asked then. */
  boolean isNothingToRevoke(SQLException error) {
    return false;
  }

  /** Returns whom it concerns when a check before a statement gives a reason not to run it. */
  Scope refusalScope() {
    return Scope.SOURCE;
  }

  // Checks of names that several platforms share

  /** Returns why a name is not possible; null if it is. */
  static @Nullable String tooLong(String what, String name, int bytesMax) {
    var bytes = name.getBytes(UTF_8).length;
    return bytes <= bytesMax
        ? null
        : "%s %s is %d bytes long, and at most %d are possible"
            .formatted(what, name, bytes, bytesMax);
  }

  /** Returns the first problem of all names of a place; null if there is none. */
  static @Nullable String problem(Place place, int partsMin, int partsMax, int bytesMax) {
    var parts = place.path().size();
    if (parts < partsMin || parts > partsMax) {
      return "the object %s has %d parts, and must have %s"
          .formatted(
              String.join(".", place.path()),
              parts,
              partsMin == partsMax ? "" + partsMin : partsMin + " to " + partsMax);
    }
    for (var part : place.path()) {
      var problem = problem("the object's name", part, bytesMax);
      if (problem != null) {
        return problem;
      }
    }
    var role = place.role();
    var ofRole = role == null ? null : problem("the role", role, bytesMax);
    return ofRole != null ? ofRole : problem("the user", place.principal(), bytesMax);
  }

  private static @Nullable String problem(String what, String name, int bytesMax) {
    if (name.isEmpty() || name.codePoints().anyMatch(Character::isISOControl)) {
      return "%s is empty or has control characters".formatted(what);
    }
    if (!UTF_8.newEncoder().canEncode(name)) {
      return "%s is not well-formed text".formatted(what);
    }
    if (!what.startsWith("the object") && name.equalsIgnoreCase("public")) {
      return "%s is PUBLIC, which stands for everybody".formatted(what);
    }
    return tooLong(what, name, bytesMax);
  }
}
