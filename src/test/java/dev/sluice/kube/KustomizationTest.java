package dev.sluice.kube;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.config.LogKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds the kustomizations to the files beside them, with or without a kustomize at hand. */
class KustomizationTest {
  private static final Path ROOT = Path.of("deploy/kubernetes");
  private static final Path BASE = ROOT.resolve("base");
  private static final Set<String> FIELDS =
      Set.of(
          "apiVersion",
          "kind",
          "namespace",
          "resources",
          "images",
          "replicas",
          "configMapGenerator",
          "patches");

  static List<Path> folders() throws IOException {
    try (var files = Files.walk(ROOT)) {
      return files
          .filter(file -> file.endsWith("kustomization.yaml"))
          .map(Path::getParent)
          .sorted()
          .toList();
    }
  }

  @ParameterizedTest
  @MethodSource("folders")
  void shouldNameEveryFileBesideItAndNoOther(Path folder) throws IOException {
    var kustomization = Manifests.read(folder.resolve("kustomization.yaml"));
    var named = new TreeSet<String>();
    for (var resource : kustomization.path("resources")) {
      var path = folder.resolve(resource.asText());
      assertThat(path).exists();
      if (Files.isRegularFile(path)) {
        named.add(resource.asText());
      } else {
        assertThat(path.resolve("kustomization.yaml")).exists();
      }
    }
    for (var generator : kustomization.path("configMapGenerator")) {
      generator.path("envs").forEach(file -> named.add(file.asText()));
    }
    named.add("kustomization.yaml");

    assertThat(names(kustomization)).isSubsetOf(FIELDS);
    try (var files = Files.list(folder)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrderElementsOf(named);
    }
  }

  @ParameterizedTest
  @MethodSource("folders")
  void shouldChangeWhatTheBaseHas(Path folder) throws IOException {
    var kustomization = Manifests.read(folder.resolve("kustomization.yaml"));
    var base = Manifests.plain(BASE);
    var there = new ArrayList<String>();
    base.all()
        .forEach(m -> there.add(m.path("kind").asText() + "/" + m.at("/metadata/name").asText()));

    for (var patch : kustomization.path("patches")) {
      var target = patch.path("target");
      assertThat(there).contains(target.path("kind").asText() + "/" + target.path("name").asText());
    }
    for (var replicas : kustomization.path("replicas")) {
      assertThat(there).contains("StatefulSet/" + replicas.path("name").asText());
    }
    for (var image : kustomization.path("images")) {
      assertThat(image.path("name")).isEqualTo(base.container().path("image"));
    }
    for (var generator : kustomization.path("configMapGenerator")) {
      assertThat(there).contains("ConfigMap/" + generator.path("name").asText());
    }
  }

  @ParameterizedTest
  @MethodSource("folders")
  void shouldSetWhatTheWorkerKnows(Path folder, @TempDir Path secrets) throws IOException {
    var kustomization = Manifests.read(folder.resolve("kustomization.yaml"));
    Map<String, String> settings =
        new LinkedHashMap<>(Manifests.variables(BASE.resolve("settings.env")));
    for (var generator : kustomization.path("configMapGenerator")) {
      for (var file : generator.path("envs")) {
        settings.putAll(Manifests.variables(folder.resolve(file.asText())));
      }
    }

    assertThat(PodSettings.load(settings, secrets).get(LogKeys.FORMAT)).isEqualTo("json");
  }

  @Test
  void shouldFindTheBaseAndTheExample() throws IOException {
    assertThat(folders()).contains(BASE, ROOT.resolve("overlays/example"));
  }

  private static Set<String> names(JsonNode object) {
    var names = new TreeSet<String>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }
}
