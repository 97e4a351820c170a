package dev.sluice.config;

import java.util.ArrayList;
import java.util.List;

/** Reads settings from the command line's key=value options. */
final class OptionSettings {
  private OptionSettings() {}

  static List<Assignment> read(List<String> options) {
    var settings = new ArrayList<Assignment>();
    for (String option : options) {
      int equals = option.indexOf('=');
      if (equals < 1) {
        throw new InvalidConfigException("-o takes key=value, not \"" + option + "\".");
      }
      settings.add(
          new Assignment(
              option.substring(0, equals).strip(),
              option.substring(equals + 1).strip(),
              new SettingSource.Option()));
    }
    return settings;
  }
}
