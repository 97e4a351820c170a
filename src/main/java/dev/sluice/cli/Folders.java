package dev.sluice.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;

/** Temporary folders. */
final class Folders {

  private Folders() {}

  /** Removes a folder and all in it, as far as that goes. */
  static void remove(Path folder) {
    try (var paths = Files.walk(folder)) {
      paths
          .sorted(Comparator.reverseOrder())
          .forEach(
              path -> {
                try {
                  Files.deleteIfExists(path);
                } catch (IOException e) {
                  Out.note("cannot remove " + path + ": " + e.getMessage());
                }
              });
    } catch (IOException e) {
      Out.note("cannot remove " + folder + ": " + e.getMessage());
    }
  }
}
