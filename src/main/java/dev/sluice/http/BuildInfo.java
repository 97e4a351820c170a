package dev.sluice.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Properties;

/**
 * Version and commit of the running program.
 *
 * @param version version of the jar; {@code unknown} outside a jar
 * @param commit commit of the sources, followed by {@code +} if there were local changes; {@code
 *     unknown} if built without a repository
 */
record BuildInfo(String version, String commit) {
  private static final String UNKNOWN = "unknown";

  /** Returns the build information of the running program. */
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
