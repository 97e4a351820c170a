package dev.sluice.testing;

import java.util.List;

/** The options of {@code java} with which tests start the program, before the arguments. */
public final class Jars {
  private Jars() {}

  /** Returns the options for what an installation has: the worker's jar and its libraries. */
  public static List<String> shipped() {
    return List.of("-jar", System.getProperty("sluice.jar"));
  }

  /** Returns the options for what a checkout has: the jar for development besides. */
  public static List<String> development() {
    return List.of("-cp", developmentClassPath(), "dev.sluice.Sluice");
  }

  /** Returns the class path of a checkout. */
  public static String developmentClassPath() {
    return System.getProperty("sluice.dev.classpath");
  }
}
