package dev.sluice.config;

/**
 * A value given to a setting, with its place.
 *
 * @param written the text as written, which may refer to a config provider
 * @param value the same with references resolved
 */
record Assignment(String key, String written, String value, SettingSource origin) {

  Assignment(String key, String written, SettingSource origin) {
    this(key, written, written, origin);
  }

  Assignment resolvedTo(String resolved) {
    return new Assignment(key, written, resolved, origin);
  }

  /** The setting for people: what was written, not what a provider gave for it; no secrets. */
  String shown() {
    return Secrets.shown(key, written);
  }

  /** How sentences about the setting begin. */
  String subject() {
    return key + " is \"" + shown() + "\" (" + origin + ")";
  }
}
