package dev.sluice.executor.platform;

import dev.sluice.delivery.CommandAction;
import dev.sluice.executor.Access;
import dev.sluice.executor.Place;
import dev.sluice.executor.Trouble;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A platform that can give and take access. It is used by one thread. All places of a call differ
 * in nothing but the user.
 */
public interface GrantTarget extends AutoCloseable {

  /** Returns the platform and how it is reached, for people; without secrets. */
  String describe();

  /** Returns what the platform takes for the same if only the case differs. */
  CaseRule caseRule();

  /**
   * Returns whether nobody but Sluice makes the grants that a REVOKE would take, as in a role that
   * is Sluice's own.
   */
  boolean ownsItsGrants();

  /** Returns why names cannot be used here; null if they can. Asks nobody. */
  @Nullable Trouble problem(Place place);

  /** Returns the statements that {@link #apply} would run. Asks nobody. */
  List<Statement> statements(CommandAction action, List<Place> places);

  /**
   * Gives or takes access. Doing it again changes nothing. A part of it may be done when it fails.
   *
   * @throws TargetException if it is not done
   */
  void apply(CommandAction action, List<Place> places) throws TargetException;

  /**
   * Asks what access there is.
   *
   * @param purpose the action that this is asked for: access after a GRANT means that the user can
   *     read the source, access after a REVOKE that anything is left by which the user could
   * @throws TargetException if the platform did not answer
   */
  Map<Place, Access> access(CommandAction purpose, List<Place> places) throws TargetException;

  /**
   * Returns the users with a grant that a REVOKE would take, in the order of their names.
   *
   * @param object any place of the source
   * @throws TargetException if the platform did not answer, or does not have the object
   */
  List<String> list(Place object) throws TargetException;

  @Override
  void close();
}
