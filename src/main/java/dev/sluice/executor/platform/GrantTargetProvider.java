package dev.sluice.executor.platform;

/**
 * Makes targets of one platform. Found by {@link java.util.ServiceLoader} among the jars of the
 * folder of drivers, besides the platforms that Sluice has itself.
 */
public interface GrantTargetProvider {

  /** Returns the platform's name, as in the setting {@code executor.platform}. */
  String platform();

  /**
   * Makes a target. It connects when it is first used.
   *
   * @throws IllegalArgumentException if a setting does not fit the platform, with a message for the
   *     operator
   */
  GrantTarget open(TargetSettings settings);
}
