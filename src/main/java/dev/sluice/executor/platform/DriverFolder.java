package dev.sluice.executor.platform;

import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.stream.Stream;

/** The folder with jars of drivers and of other platforms. */
public final class DriverFolder {

  private DriverFolder() {}

  /**
   * Returns a loader of the classes in the folder's jars, and of Sluice's own; of these alone if
   * the folder does not exist.
   *
   * @throws IllegalArgumentException if the folder cannot be read
   */
  public static ClassLoader open(Path folder) {
    var own = DriverFolder.class.getClassLoader();
    if (!Files.isDirectory(folder)) {
      return own;
    }
    try (Stream<Path> files = Files.list(folder)) {
      var jars = new ArrayList<URL>();
      for (var file : files.filter(path -> path.toString().endsWith(".jar")).sorted().toList()) {
        jars.add(url(file));
      }
      return new URLClassLoader("drivers", jars.toArray(URL[]::new), own);
    } catch (IOException e) {
      throw new IllegalArgumentException("%s cannot be read: %s".formatted(folder, e), e);
    }
  }

  private static URL url(Path file) throws MalformedURLException {
    return file.toUri().toURL();
  }
}
