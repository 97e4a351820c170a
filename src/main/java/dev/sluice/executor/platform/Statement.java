package dev.sluice.executor.platform;

import org.jspecify.annotations.Nullable;

/**
 * One statement as data: a dry run prints the same text that would run.
 *
 * @param sql the text, without an end mark
 * @param unless a query of one boolean; the statement is left out if it gives true; null for none
 * @param refusal a query of one text that is asked first; the statement is not run, and the text is
 *     the reason, if it gives one; null for none
 */
public record Statement(String sql, @Nullable String unless, @Nullable String refusal) {

  /** Returns a statement that always runs. */
  public static Statement of(String sql) {
    return new Statement(sql, null, null);
  }

  /** Returns a statement that runs only if a query does not give true. */
  public static Statement unless(String query, String sql) {
    return new Statement(sql, query, null);
  }
}
