package dev.sluice.kube;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The kustomize of the kubectl that is installed here, if one is. */
final class Kustomize {
  private static final int SECONDS_MAX = 60;

  /** Debian's kubectl has one of 2019, which does not know half of a kustomization's fields. */
  private static final String VERSION = "\"kustomizeVersion\": \"v5.";

  private Kustomize() {}

  /** Whether there is one that can be used; why not is said. */
  static boolean isThere() {
    try {
      var version = run("kubectl", "version", "--client", "--output=json");
      if (version.isPresent() && version.get().contains(VERSION)) {
        return true;
      }
    } catch (IOException e) {
      // There is no kubectl: said below.
    }
    System.err.println("no kubectl with kustomize 5 is installed: only the base was looked at");
    return false;
  }

  /** Returns the manifests of a folder. */
  static Manifests build(Path folder) throws IOException {
    var built = run("kubectl", "kustomize", folder.toString());
    assertThat(built).as("kubectl kustomize " + folder).isPresent();
    return new Manifests(folder + ", by kustomize", Manifests.parse(built.orElseThrow()));
  }

  private static Optional<String> run(String... command) throws IOException {
    var out = Files.createTempFile("kubectl", ".txt");
    var errors = Files.createTempFile("kubectl", ".txt");
    var process =
        new ProcessBuilder(command)
            .redirectOutput(out.toFile())
            .redirectError(errors.toFile())
            .start();
    try {
      if (process.waitFor(SECONDS_MAX, TimeUnit.SECONDS) && process.exitValue() == 0) {
        return Optional.of(Files.readString(out));
      }
      System.err.println(String.join(" ", command) + ": " + Files.readString(errors));
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    } finally {
      process.destroyForcibly();
      Files.deleteIfExists(out);
      Files.deleteIfExists(errors);
    }
  }
}
