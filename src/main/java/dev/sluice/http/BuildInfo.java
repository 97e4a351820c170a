package dev.sluice.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Properties;

/**
 * What the program was built from.
 *
 * @param version of the jar; {@code unknown} outside of one
 * @param commit of the sources, {@code +} after it where there were changes besides; {@code
 *     unknown} where it was built without a repository around
 */
record BuildInfo(String version, String commit) {
  private static final String UNKNOWN = "unknown";

  /** Of the running program. */
  static BuildInfo current() {
    var version = BuildInfo.class.getPackage().getImplementationVersion();
    var properties = new Properties();
    try (var file = BuildInfo.class.getResourceAsStream("commit.properties")) {
      if (file != null) {
        properties.load(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new BuildInfo(version == null ? UNKNOWN : version, commit(properties));
  }

  static String commit(Properties properties) {
    var id = properties.getProperty("git.commit.id.full", "");
    if (id.isBlank()) {
      return UNKNOWN;
    }
    return Boolean.parseBoolean(properties.getProperty("git.dirty")) ? id + "+" : id;
  }
}
