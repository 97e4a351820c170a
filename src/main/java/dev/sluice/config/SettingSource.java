package dev.sluice.config;

import java.nio.file.Path;

/** Source of a setting; {@code toString} returns its description. */
sealed interface SettingSource {

  /** Returns the key in the notation of this source. */
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

  /** The program itself, such as a test or the demo. */
  record Program() implements SettingSource {
    @Override
    public String toString() {
      return "the program";
    }
  }
}
