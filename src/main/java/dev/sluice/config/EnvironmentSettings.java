package dev.sluice.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Reads settings from environment variables: SLUICE_COMMIT_INTERVAL_MS is commit.interval.ms. */
final class EnvironmentSettings {
  static final String PREFIX = "SLUICE_";

  /** Variables of the launcher, of logging, and of commands that call a worker. */
  static final Set<String> NOT_SETTINGS =
      Set.of(
          "SLUICE_JAVA_HOME",
          "SLUICE_JAVA_OPTS",
          "SLUICE_LOG_LEVEL",
          "SLUICE_HOME",
          "SLUICE_TOKEN");

  /** Prefix that variable names may omit: SLUICE_SERIALIZER_CLASS is sufficient. */
  private static final String OWN_KEYS = "sluice.";

  private EnvironmentSettings() {}

  static List<Assignment> read(Map<String, String> environment) {
    var settings = new ArrayList<Assignment>();
    // Sorted, so that the same one of two variables for one key is always used.
    new TreeMap<>(environment)
        .forEach(
            (name, value) -> {
              if (isSetting(name)) {
                settings.add(new Assignment(keyFor(name), value, new SettingSource.Variable(name)));
              }
            });
    return settings;
  }

  static String variableFor(String key) {
    String name = key.toUpperCase(Locale.ROOT).replace('.', '_');
    return name.startsWith(PREFIX) ? name : PREFIX + name;
  }

  private static String keyFor(String variable) {
    String key = variable.substring(PREFIX.length()).toLowerCase(Locale.ROOT).replace('_', '.');
    return SluiceConfigDef.setting(OWN_KEYS + key) != null ? OWN_KEYS + key : key;
  }

  private static boolean isSetting(String variable) {
    return variable.startsWith(PREFIX)
        && !NOT_SETTINGS.contains(variable)
        && !isFromKubernetes(variable);
  }

  /** Returns whether Kubernetes adds such a variable to every pod, for a service named sluice. */
  private static boolean isFromKubernetes(String variable) {
    return variable.equals("SLUICE_PORT")
        || variable.startsWith("SLUICE_PORT_")
        || variable.startsWith("SLUICE_SERVICE_");
  }
}
