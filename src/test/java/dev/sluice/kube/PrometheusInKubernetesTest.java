package dev.sluice.kube;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.testing.Requirement;
import dev.sluice.testing.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Holds the scraping of the pods to what the pods are. */
class PrometheusInKubernetesTest {
  private static final Path FILE = Path.of("deploy/prometheus/kubernetes.yml");

  @ParameterizedTest
  @CsvSource({"0,sluice,base", "1,sluice-delivery,delivery"})
  void shouldFindThePodsOfTheManifestsAsTheJobThatTheRulesAskFor(
      int number, String name, String folder) throws IOException {
    var job = Manifests.read(FILE).at("/scrape_configs/" + number);
    var manifests = Manifests.plain(Path.of("deploy/kubernetes", folder));
    var namespace = Manifests.read(Path.of("deploy/kubernetes/overlays/example/namespace.yaml"));
    var wanted =
        Arrays.stream(job.at("/kubernetes_sd_configs/0/selectors/0/label").asText().split(","))
            .map(label -> label.split("=", 2))
            .collect(Collectors.toMap(label -> label[0], label -> label[1]));

    assertThat(job.path("job_name").asText()).isEqualTo(name);
    assertThat(Files.readString(Path.of("deploy/prometheus/rules.yml"))).contains(name);
    assertThat(wanted).hasSize(2);
    assertThat(Labels.of(manifests.pod().at("/metadata/labels")).all())
        .containsAllEntriesOf(Map.copyOf(wanted));
    assertThat(job.at("/kubernetes_sd_configs/0/namespaces/names/0"))
        .isEqualTo(namespace.at("/metadata/name"));
    assertThat(job.at("/relabel_configs/0/regex"))
        .isEqualTo(manifests.container().at("/ports/0/name"));
  }

  @Test
  void shouldBeWhatPrometheusUnderstandsButForItsDiscovery(@TempDir Path folder) throws Exception {
    Requirement.PROMETHEUS.requireOnPath("promtool");
    var config = Manifests.read(FILE);
    // Debian's Prometheus is built without this.
    for (var each : config.path("scrape_configs")) {
      var job = (ObjectNode) each;
      job.remove("kubernetes_sd_configs");
      job.putArray("static_configs").addObject().putArray("targets").add("localhost:8080");
    }
    var rest = Files.writeString(folder.resolve("rest.yml"), config.toString());

    assertThat(Tool.run(rest, "promtool", "check", "config", rest.toString())).contains("SUCCESS");
  }
}
