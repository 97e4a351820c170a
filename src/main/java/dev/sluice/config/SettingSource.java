package dev.sluice.config;

import java.nio.file.Path;

/** Where a setting was made; {@code toString} gives the words for it. */
sealed interface SettingSource {

  /** The key as it would be written there. */
  default String spell(String key) {
    return key;
  }

  /** A line of a settings file. */
  record Line(Path file, int number) implements SettingSource {
    @Override
    public String toString() {
      return "line " + number + " of " + file;
    }
  }

  /** An environment variable. */
  record Variable(String name) implements SettingSource {
    @Override
    public String spell(String key) {
      return EnvironmentSettings.variableFor(key);
    }

    @Override
    public String toString() {
      return "environment variable " + name;
    }
  }

  /** An option of the command line. */
  record Option() implements SettingSource {
    @Override
    public String toString() {
      return "-o";
    }
  }

  /** The program itself, as a test or the demo. */
  record Program() implements SettingSource {
    @Override
    public String toString() {
      return "the program";
    }
  }
}
