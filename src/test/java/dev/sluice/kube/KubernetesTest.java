package dev.sluice.kube;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.config.HttpKeys;
import dev.sluice.config.LogKeys;
import dev.sluice.config.SluiceConfig;
import dev.sluice.config.WorkerKeys;
import dev.sluice.http.HealthEndpoint;
import dev.sluice.http.MetricsEndpoint;
import io.kubernetes.client.custom.Quantity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.streams.StreamsConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds the manifests, as they are applied, to Kubernetes and to the worker. */
@ParameterizedClass
@MethodSource("manifests")
class KubernetesTest {
  private static final Path BASE = Path.of("deploy/kubernetes/base");
  private static final Path OVERLAYS = Path.of("deploy/kubernetes/overlays");
  private static final String POD = "sluice-2";

  /** Metaspace, code, threads' stacks, buffers, and what RocksDB takes outside of its bound. */
  private static final long REST_BYTES = 224 << 20;

  private static final Duration SHUTDOWN_MARGIN = Duration.ofSeconds(10);
  private static final SluiceConfig DEFAULTS = SluiceConfig.of(Map.of());

  private final Manifests manifests;

  KubernetesTest(Manifests manifests) {
    this.manifests = manifests;
  }

  static List<Manifests> manifests() throws IOException {
    var all = new ArrayList<Manifests>();
    all.add(Manifests.plain(BASE));
    if (Kustomize.isThere()) {
      all.add(Kustomize.build(BASE));
      try (var overlays = Files.list(OVERLAYS)) {
        for (var overlay : overlays.sorted().toList()) {
          all.add(Kustomize.build(overlay));
        }
      }
    }
    return all;
  }

  @Test
  void shouldBeWhatKubernetesKnows() {
    assertThat(manifests.all()).hasSizeGreaterThanOrEqualTo(6);
    for (var manifest : manifests.all()) {
      assertThat(Schemas.problems(manifest)).as(manifests.from()).isEmpty();
    }
  }

  @Test
  void shouldSetWhatTheWorkerKnows(@TempDir Path secrets) throws IOException {
    var config = config(secrets);

    assertThat(config.isStaticMember()).isTrue();
    assertThat(config.streamsConfig().getProperty(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG))
        .isEqualTo(POD);
    assertThat(config.get(LogKeys.FORMAT).equals("json")).isTrue();
  }

  @Test
  void shouldBeFoundByOthersUnderTheNameThatTheSetsServiceGives(@TempDir Path secrets)
      throws IOException {
    var set = manifests.only("StatefulSet");
    var service = service(set.at("/spec/serviceName").asText());
    var address = config(secrets).streamsConfig().get(StreamsConfig.APPLICATION_SERVER_CONFIG);

    assertThat(address)
        .isEqualTo(POD + "." + name(service) + ":" + service.at("/spec/ports/0/port").asInt());
    assertThat(POD).startsWith(name(set) + "-");
    assertThat(service.at("/spec/clusterIP").asText()).isEqualTo("None");
    assertThat(service.at("/spec/publishNotReadyAddresses").asBoolean()).isTrue();
  }

  @Test
  void shouldGiveTheGroupMoreTimeThanAStopTakes(@TempDir Path secrets) throws IOException {
    var session = config(secrets).streamsConfig().get(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG);

    assertThat(Duration.ofMillis(Long.parseLong(String.valueOf(session)))).isGreaterThan(grace());
  }

  @Test
  void shouldWaitLongerForAStopThanTheWorkerTakes(@TempDir Path secrets) throws IOException {
    assertThat(grace())
        .isGreaterThanOrEqualTo(DEFAULTS.get(WorkerKeys.SHUTDOWN_TIMEOUT).plus(SHUTDOWN_MARGIN))
        .isGreaterThanOrEqualTo(
            config(secrets).get(WorkerKeys.SHUTDOWN_TIMEOUT).plus(SHUTDOWN_MARGIN));
  }

  @Test
  void shouldUseThePortThatTheWorkerHas(@TempDir Path secrets) throws IOException {
    var port = DEFAULTS.get(HttpKeys.PORT);

    assertThat(config(secrets).get(HttpKeys.PORT)).isEqualTo(port);
    assertThat(manifests.container().path("ports")).hasSize(1);
    assertThat(manifests.container().at("/ports/0/containerPort").asInt()).isEqualTo(port);
    assertThat(manifests.pod().at("/metadata/annotations/prometheus.io~1port").asText())
        .isEqualTo(String.valueOf(port));
    assertThat(manifests.only("NetworkPolicy").at("/spec/ingress/0/ports/0/port").asInt())
        .isEqualTo(port);
    for (var service : manifests.of("Service")) {
      assertThat(service.at("/spec/ports/0/port").asInt()).isEqualTo(port);
      assertThat(service.at("/spec/ports/0/targetPort"))
          .isEqualTo(manifests.container().at("/ports/0/name"));
    }
  }

  @Test
  void shouldAskPathsThatTheWorkerAnswers() {
    var container = manifests.container();
    var probes = new LinkedHashMap<String, String>();
    for (var probe : List.of("startupProbe", "livenessProbe", "readinessProbe")) {
      probes.put(probe, container.at("/" + probe + "/httpGet/path").asText());
      assertThat(container.at("/" + probe + "/httpGet/port"))
          .isEqualTo(container.at("/ports/0/name"));
    }

    assertThat(probes)
        .containsExactly(
            Map.entry("startupProbe", HealthEndpoint.LIVE),
            Map.entry("livenessProbe", HealthEndpoint.LIVE),
            Map.entry("readinessProbe", HealthEndpoint.READY));
    assertThat(manifests.pod().at("/metadata/annotations/prometheus.io~1path").asText())
        .isEqualTo(MetricsEndpoint.PATH);
  }

  @Test
  void shouldRunAsTheImagesUserWithTheImagesFolder() throws IOException {
    var image = Files.readString(Path.of("deploy/Dockerfile"));
    var user = Pattern.compile("(?m)^USER (\\d+):(\\d+)$").matcher(image);
    var folder = Pattern.compile("(?m)^ENV SLUICE_DATA_DIR=(\\S+)$").matcher(image);
    assertThat(user.find()).isTrue();
    assertThat(folder.find()).isTrue();
    var security = manifests.pod().at("/spec/securityContext");

    assertThat(security.path("runAsUser").asText()).isEqualTo(user.group(1));
    assertThat(security.path("runAsGroup").asText()).isEqualTo(user.group(2));
    assertThat(security.path("fsGroup").asText()).isEqualTo(user.group(2));
    assertThat(manifests.volumeAt(folder.group(1)).path("kind").asText())
        .isEqualTo("PersistentVolumeClaim");
  }

  /** In a pod whose container is started anew, /tmp outlives the worker that was killed. */
  @Test
  void shouldUnpackNativePartsUnderOneNameIntoWhatIsInMemory() throws IOException {
    var image = Files.readString(Path.of("deploy/Dockerfile"));
    var folder = Pattern.compile("(?m)^ENV ROCKSDB_SHAREDLIB_DIR=(\\S+)$").matcher(image);

    assertThat(folder.find()).isTrue();
    assertThat(manifests.volumeAt(folder.group(1)).at("/emptyDir/medium").asText())
        .isEqualTo("Memory");
  }

  @Test
  void shouldBeAllowedNothingThatAWorkerDoesNotNeed() {
    var pod = manifests.pod().path("spec");
    var container = manifests.container().path("securityContext");

    assertThat(pod.at("/securityContext/runAsNonRoot").asBoolean()).isTrue();
    assertThat(pod.at("/securityContext/seccompProfile/type").asText()).isEqualTo("RuntimeDefault");
    assertThat(pod.path("automountServiceAccountToken").asBoolean(true)).isFalse();
    assertThat(container.path("readOnlyRootFilesystem").asBoolean()).isTrue();
    assertThat(container.path("allowPrivilegeEscalation").asBoolean(true)).isFalse();
    assertThat(container.at("/capabilities/drop").toString()).isEqualTo("[\"ALL\"]");
    assertThat(container.at("/capabilities/add").isMissingNode()).isTrue();
  }

  @Test
  void shouldNotBeGivenVariablesThatWouldBeTakenForSettings() {
    assertThat(manifests.pod().at("/spec/enableServiceLinks").asBoolean(true)).isFalse();
  }

  @Test
  void shouldSelectThePodsWithEverySelector() {
    var pods = Labels.of(manifests.pod().at("/metadata/labels"));
    var selectors = new ArrayList<JsonNode>();
    selectors.add(manifests.only("StatefulSet").at("/spec/selector/matchLabels"));
    selectors.add(manifests.only("PodDisruptionBudget").at("/spec/selector/matchLabels"));
    selectors.add(manifests.only("NetworkPolicy").at("/spec/podSelector/matchLabels"));
    selectors.add(
        manifests.only("NetworkPolicy").at("/spec/ingress/0/from/1/podSelector/matchLabels"));
    manifests.of("Service").forEach(service -> selectors.add(service.at("/spec/selector")));
    manifests
        .pod()
        .at("/spec/topologySpreadConstraints")
        .forEach(spread -> selectors.add(spread.at("/labelSelector/matchLabels")));

    assertThat(selectors).hasSize(8).allMatch(pods::areSelectedBy);
  }

  @Test
  void shouldHaveMemoryForTheHeapRocksDbAndTheRest(@TempDir Path secrets) throws IOException {
    var resources = manifests.container().path("resources");
    var limit = bytes(resources.at("/limits/memory"));
    var options = manifests.environment(POD).get("SLUICE_JAVA_OPTS");
    var share = Pattern.compile("-XX:MaxRAMPercentage=(\\d+)\\b").matcher(options);
    assertThat(share.find()).as(options).isTrue();
    var heap = limit * Integer.parseInt(share.group(1)) / 100;
    var tmp = manifests.volumeAt("/tmp").path("emptyDir");
    assertThat(tmp.path("medium").asText()).isEqualTo("Memory");

    var needed =
        heap
            + config(secrets).get(WorkerKeys.STATE_MEMORY_BYTES)
            + bytes(tmp.path("sizeLimit"))
            + REST_BYTES;

    assertThat(needed).isLessThanOrEqualTo(limit);
    assertThat(bytes(resources.at("/requests/memory"))).isEqualTo(limit);
  }

  @Test
  void shouldMountTheSecretsWhereSettingsLookForThem() {
    assertThat(manifests.volumeAt(PodSettings.SECRETS).at("/secret/optional").asBoolean()).isTrue();
    for (var variable : manifests.environment(POD).entrySet()) {
      if (variable.getValue().contains("/run/")) {
        assertThat(variable.getValue()).contains(PodSettings.SECRETS + "/");
      }
    }
  }

  private SluiceConfig config(Path secrets) throws IOException {
    return PodSettings.load(manifests.environment(POD), secrets);
  }

  private Duration grace() {
    return Duration.ofSeconds(manifests.pod().at("/spec/terminationGracePeriodSeconds").asLong());
  }

  private JsonNode service(String name) {
    return manifests.of("Service").stream()
        .filter(service -> name(service).equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError(manifests.from() + ": no service " + name));
  }

  private static String name(JsonNode manifest) {
    return manifest.at("/metadata/name").asText();
  }

  private static long bytes(JsonNode quantity) {
    return Quantity.fromString(quantity.asText()).getNumber().longValueExact();
  }
}
