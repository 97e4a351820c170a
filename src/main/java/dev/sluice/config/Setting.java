package dev.sluice.config;

/**
 * One setting as somebody made it.
 *
 * @param written what was written, which may refer to a config provider
 * @param value what it stands for
 */
record Setting(String key, String written, String value, Origin origin) {

  Setting(String key, String written, Origin origin) {
    this(key, written, written, origin);
  }

  Setting resolvedTo(String resolved) {
    return new Setting(key, written, resolved, origin);
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
