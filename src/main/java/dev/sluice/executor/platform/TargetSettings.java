package dev.sluice.executor.platform;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Settings with which a platform is reached.
 *
 * @param url where the platform is; empty if nothing is to be run there
 * @param user the user of Sluice on the platform; null if the URL says it
 * @param password its password; null for none
 * @param byRole whether access is membership in a role of the source, not a grant to the user
 * @param givesUsage whether Sluice also gives the right to use the schema around a table
 * @param asksEffective whether a REVOKE is done only when the user cannot read in any way; else
 *     when Sluice's grant is gone
 * @param timeout the longest time of one statement
 * @param drivers finds classes of drivers
 * @param more settings of the platform alone
 */
public record TargetSettings(
    String url,
    @Nullable String user,
    @Nullable String password,
    boolean byRole,
    boolean givesUsage,
    boolean asksEffective,
    Duration timeout,
    ClassLoader drivers,
    Map<String, String> more) {

  /** Copies the map. */
  public TargetSettings {
    more = Map.copyOf(more);
  }

  /** Without the password, and without the URL, which may hold one. */
  @Override
  public String toString() {
    return "TargetSettings[user=%s, byRole=%s]".formatted(user, byRole);
  }
}
