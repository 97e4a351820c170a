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

/** Holds the scraping of the pods to what the pods are. */
class PrometheusInKubernetesTest {
  private static final Path FILE = Path.of("deploy/prometheus/kubernetes.yml");

  @Test
  void shouldFindThePodsOfTheManifestsAsTheJobThatTheRulesAskFor() throws IOException {
    var job = Manifests.read(FILE).at("/scrape_configs/0");
    var base = Manifests.plain(Path.of("deploy/kubernetes/base"));
    var namespace = Manifests.read(Path.of("deploy/kubernetes/overlays/example/namespace.yaml"));
    var wanted =
        Arrays.stream(job.at("/kubernetes_sd_configs/0/selectors/0/label").asText().split(","))
            .map(label -> label.split("=", 2))
            .collect(Collectors.toMap(label -> label[0], label -> label[1]));

    assertThat(job.path("job_name").asText()).isEqualTo("sluice");
    assertThat(wanted).hasSize(2);
    assertThat(Labels.of(base.pod().at("/metadata/labels")).all())
        .containsAllEntriesOf(Map.copyOf(wanted));
    assertThat(job.at("/kubernetes_sd_configs/0/namespaces/names/0"))
        .isEqualTo(namespace.at("/metadata/name"));
    assertThat(job.at("/relabel_configs/0/regex")).isEqualTo(base.container().at("/ports/0/name"));
  }

  @Test
  void shouldBeWhatPrometheusUnderstandsButForItsDiscovery(@TempDir Path folder) throws Exception {
    Requirement.PROMETHEUS.requireOnPath("promtool");
    var config = Manifests.read(FILE);
    // Debian's Prometheus is built without this.
    var job = (ObjectNode) config.at("/scrape_configs/0");
    job.remove("kubernetes_sd_configs");
    job.putArray("static_configs").addObject().putArray("targets").add("localhost:8080");
    var rest = Files.writeString(folder.resolve("rest.yml"), config.toString());

    assertThat(Tool.run(rest, "promtool", "check", "config", rest.toString())).contains("SUCCESS");
  }
}
