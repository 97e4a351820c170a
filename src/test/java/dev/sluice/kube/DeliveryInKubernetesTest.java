package dev.sluice.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Holds the manifests of the delivery application to Kubernetes and to the workers' manifests. */
class DeliveryInKubernetesTest {
  private static final String NAME = "sluice-delivery";

  private static final String CONFIG_MAP =
      "/spec/template/spec/containers/0/envFrom/0/configMapRef/name";

  private final Manifests workers;
  private final Manifests delivery;

  DeliveryInKubernetesTest() throws IOException {
    workers = Manifests.plain(Path.of("deploy/kubernetes/base"));
    delivery = Manifests.plain(Path.of("deploy/kubernetes/delivery"));
  }

  @Test
  void shouldBeWhatKubernetesKnows() {
    assertThat(delivery.all()).hasSize(4);
    for (var manifest : delivery.all()) {
      assertThat(Schemas.problems(manifest)).isEmpty();
    }
  }

  /** So what is held for the workers' pods holds for these. */
  @Test
  void shouldDifferFromTheWorkersInNamesAndTheCommandAlone() throws IOException {
    var text =
        workers
            .only("StatefulSet")
            .toString()
            .replace("\"app.kubernetes.io/component\":\"worker\"", component())
            .replace("sluice-workers", NAME);
    var expected = (ObjectNode) Manifests.parse(text).getFirst();
    ((ObjectNode) expected.path("metadata")).put("name", NAME);
    var container = (ObjectNode) expected.at("/spec/template/spec/containers/0");
    container.put("name", "delivery");
    container.putArray("args").add("delivery");

    assertThat(delivery.only("StatefulSet")).isEqualTo(expected);
  }

  @Test
  void shouldBeFoundUnderTheNameThatTheSetsServiceGives() {
    var service = delivery.only("Service");

    assertThat(delivery.only("StatefulSet").at("/spec/serviceName"))
        .isEqualTo(service.at("/metadata/name"));
    assertThat(service.at("/spec/clusterIP").asText()).isEqualTo("None");
    assertThat(service.at("/spec/ports"))
        .isEqualTo(workers.of("Service").getFirst().at("/spec/ports"));
  }

  @Test
  void shouldSelectItsOwnPodsAndNoWorker() {
    var own = Labels.of(delivery.pod().at("/metadata/labels"));
    var others = Labels.of(workers.pod().at("/metadata/labels"));
    var selectors = new ArrayList<JsonNode>();
    selectors.add(delivery.only("StatefulSet").at("/spec/selector/matchLabels"));
    selectors.add(delivery.only("PodDisruptionBudget").at("/spec/selector/matchLabels"));
    selectors.add(delivery.only("NetworkPolicy").at("/spec/podSelector/matchLabels"));
    selectors.add(delivery.only("Service").at("/spec/selector"));

    assertThat(selectors).allMatch(own::areSelectedBy).noneMatch(others::areSelectedBy);
    var callers = delivery.only("NetworkPolicy").at("/spec/ingress/0/from/1/podSelector");
    assertThat(own.areSelectedBy(callers.path("matchLabels"))).isTrue();
    assertThat(others.areSelectedBy(callers.path("matchLabels"))).isTrue();
  }

  @Test
  void shouldUseTheSettingsOfTheOverlayThatNamesIt(@TempDir Path folder) throws Exception {
    assumeThat(Kustomize.isThere()).isTrue();
    var root = folder.resolve("kubernetes");
    copy(Path.of("deploy/kubernetes"), root);
    var overlay = root.resolve("overlays/example");
    var file = overlay.resolve("kustomization.yaml");
    var text = Files.readString(file);
    var comment = "  # - ../../delivery";
    assertThat(text).contains(comment);
    Files.writeString(file, text.replace(comment, "  - ../../delivery"));

    var built = Kustomize.build(overlay);

    var sets = built.of("StatefulSet");
    assertThat(sets).hasSize(2);
    for (var pointer :
        List.of(
            "/metadata/namespace",
            "/spec/template/spec/containers/0/image",
            "/spec/template/spec/containers/0/envFrom")) {
      assertThat(sets.getFirst().at(pointer)).isEqualTo(sets.getLast().at(pointer));
    }
    assertThat(built.only("ConfigMap").at("/metadata/name"))
        .isEqualTo(sets.getLast().at(CONFIG_MAP))
        .isEqualTo(sets.getFirst().at(CONFIG_MAP));
  }

  private static void copy(Path from, Path to) throws IOException {
    try (var files = Files.walk(from)) {
      for (var file : files.sorted().toList()) {
        Files.copy(file, to.resolve(from.relativize(file).toString()));
      }
    }
  }

  private static String component() {
    return "\"app.kubernetes.io/component\":\"delivery\"";
  }
}
