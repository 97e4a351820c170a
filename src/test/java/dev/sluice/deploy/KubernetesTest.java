package dev.sluice.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.config.SluiceConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Holds deploy/kubernetes to Kubernetes' schemas, the image and the worker's settings. */
class KubernetesTest {
  private static final Path BASE = Path.of("deploy/kubernetes/base");
  private static final Path EXAMPLE = Path.of("deploy/kubernetes/overlays/example");

  @TempDir private Path secrets;

  private static List<JsonNode> base() throws IOException {
    var documents = new ArrayList<JsonNode>();
    for (var resource : only(BASE.resolve("kustomization.yaml")).path("resources")) {
      documents.addAll(Manifests.read(BASE.resolve(resource.asText())));
    }
    return documents;
  }

  private static JsonNode only(Path file) throws IOException {
    var documents = Manifests.read(file);
    assertThat(documents).hasSize(1);
    return documents.getFirst();
  }

  private static JsonNode worker() throws IOException {
    return only(BASE.resolve("statefulset.yaml"));
  }

  private static JsonNode pod() throws IOException {
    return worker().at("/spec/template/spec");
  }

  private static JsonNode container() throws IOException {
    return pod().at("/containers/0");
  }

  private static Map<String, String> literals(Path folder) throws IOException {
    var found = new LinkedHashMap<String, String>();
    for (var literal :
        only(folder.resolve("kustomization.yaml")).at("/configMapGenerator/0/literals")) {
      var parts = literal.asText().split("=", 2);
      found.put(parts[0], parts[1]);
    }
    return found;
  }

  private static Map<String, String> environment() throws IOException {
    var found = literals(BASE);
    for (var variable : container().path("env")) {
      if (variable.has("value")) {
        found.put(
            variable.path("name").asText(),
            variable.path("value").asText().replace("$(POD_NAME)", "sluice-0"));
      }
    }
    return found;
  }

  @Test
  void shouldBeAsKubernetesWantsIt() throws IOException {
    var documents = base();
    assertThat(documents).hasSizeGreaterThan(4);
    for (var document : documents) {
      Manifests.check(document);
    }
    var patch = only(EXAMPLE.resolve("secrets.yaml")).at("/spec/template/spec");
    for (var patched : patch.path("containers")) {
      Manifests.checkContainer(patched);
      assertThat(patched.path("name")).isEqualTo(container().path("name"));
    }
    for (var volume : patch.path("volumes")) {
      Manifests.checkVolume(volume);
    }
  }

  @Test
  void shouldNotBeTakenWithAFieldThatIsUnknownOfAnotherTypeOrMissing() throws IOException {
    var unknown = worker().deepCopy();
    ((ObjectNode) unknown.at("/spec/template/spec/containers/0/securityContext"))
        .put("readOnlyRootFileSystem", true);
    assertThatThrownBy(() -> Manifests.check(unknown))
        .hasMessageContaining("readOnlyRootFileSystem");

    var mistyped = worker().deepCopy();
    ((ObjectNode) mistyped.path("spec")).put("template", "none");
    assertThatThrownBy(() -> Manifests.check(mistyped)).isInstanceOf(RuntimeException.class);

    var incomplete = worker().deepCopy();
    ((ObjectNode) incomplete.path("spec")).remove("selector");
    assertThatThrownBy(() -> Manifests.check(incomplete)).hasMessageContaining("selector");
  }

  @Test
  void shouldSelectTheWorkersPods() throws IOException {
    var labels = worker().at("/spec/template/metadata/labels");
    var selectors = new ArrayList<JsonNode>();
    for (var document : base()) {
      switch (document.path("kind").asText()) {
        case "Service" -> selectors.add(document.at("/spec/selector"));
        case "NetworkPolicy" -> selectors.add(document.at("/spec/podSelector/matchLabels"));
        default -> selectors.add(document.at("/spec/selector/matchLabels"));
      }
    }
    selectors.add(pod().at("/topologySpreadConstraints/0/labelSelector/matchLabels"));
    assertThat(selectors).hasSizeGreaterThan(5).containsOnly(labels);

    var headless =
        base().stream()
            .filter(document -> document.at("/spec/clusterIP").asText().equals("None"))
            .map(document -> document.at("/metadata/name"))
            .toList();
    assertThat(headless).containsExactly(worker().at("/spec/serviceName"));
  }

  @Test
  void shouldAgreeWithTheImageAndTheWorker() throws IOException {
    var image = Files.readString(Path.of("deploy/Dockerfile"));
    var user = pod().at("/securityContext/runAsUser").asText();
    assertThat(image).contains("USER " + user + ":" + user).contains("VOLUME /var/lib/sluice");
    assertThat(pod().at("/securityContext/fsGroup").asText()).isEqualTo(user);

    var settings = new LinkedHashMap<>(environment());
    // The image's own, and the launcher's.
    settings.put("SLUICE_DATA_DIR", "/var/lib/sluice");
    assertThat(settings.remove("SLUICE_JAVA_OPTS")).isNotNull();
    var config = SluiceConfig.load(null, settings, List.of());
    assertThat(container().at("/ports/0/containerPort").asInt()).isEqualTo(config.httpPort());
    assertThat(pod().path("terminationGracePeriodSeconds").asLong())
        .isGreaterThan(config.shutdownTimeout().toSeconds() + 2);
    assertThat(container().path("volumeMounts").findValuesAsText("mountPath"))
        .containsExactly("/var/lib/sluice", "/tmp");
    for (var probe : List.of("startupProbe", "livenessProbe")) {
      assertThat(container().at("/" + probe + "/httpGet/path").asText()).isEqualTo("/health/live");
    }
    assertThat(container().at("/readinessProbe/httpGet/path").asText()).isEqualTo("/health/ready");
  }

  @Test
  void shouldGiveSettingsInTheExampleThatAWorkerTakes() throws IOException {
    var settings = new LinkedHashMap<>(environment());
    settings.putAll(literals(EXAMPLE));
    settings.remove("SLUICE_JAVA_OPTS");
    Files.writeString(secrets.resolve("kafka.properties"), "jaas=planted\n");
    Files.writeString(secrets.resolve("ca.pem"), "");
    Files.writeString(secrets.resolve("tokens"), "");
    var mount =
        only(EXAMPLE.resolve("secrets.yaml"))
            .at("/spec/template/spec/containers/0/volumeMounts/0/mountPath")
            .asText();
    settings.replaceAll((key, value) -> value.replace(mount, secrets.toString()));

    var config = SluiceConfig.load(null, settings, List.of());

    assertThat(config.clientConfig()).containsEntry("sasl.jaas.config", "planted");
  }
}
