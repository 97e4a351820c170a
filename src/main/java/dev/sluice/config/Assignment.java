package dev.sluice.config;

/**
 * A value assigned to a setting, with its source.
 *
 * @param written the text as written, which may refer to a config provider
 * @param value the text with references resolved
 */
record Assignment(String key, String written, String value, SettingSource origin) {

  Assignment(String key, String written, SettingSource origin) {
    this(key, written, written, origin);
  }

  Assignment resolvedTo(String resolved) {
    return new Assignment(key, written, resolved, origin);
  }

  /**
   * Returns the setting for messages: the text as written, without resolved references or secrets.
   */
  String shown() {
    return Secrets.shown(key, written);
  }

  /** Returns the beginning of sentences about the setting. */
  String subject() {
    return key + " is \"" + shown() + "\" (" + origin + ")";
  }
}
