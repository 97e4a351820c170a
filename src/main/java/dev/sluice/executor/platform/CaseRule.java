package dev.sluice.executor.platform;

/**
 * Which names a platform takes for the same if they differ only in case.
 *
 * @param confusesUsers whether it does so with names of users
 * @param confusesObjects whether it does so with names of tables and what is around them
 */
public record CaseRule(boolean confusesUsers, boolean confusesObjects) {
  /** Every case is told apart. */
  public static final CaseRule EXACT = new CaseRule(false, false);

  /** No case is told apart. */
  public static final CaseRule FOLDED = new CaseRule(true, true);
}
