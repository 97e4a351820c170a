package dev.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.dockerjava.api.model.Capability;
import dev.sluice.avro.CommandReason;
import dev.sluice.config.RegistryKeys;
import dev.sluice.config.SluiceConfig;
import dev.sluice.event.ProductEvent;
import dev.sluice.event.codec.EventJson;
import dev.sluice.testing.CommittedLog;
import dev.sluice.testing.Requirement;
import dev.sluice.testing.WorkerProcess;
import dev.sluice.testing.Workers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.images.builder.ImageFromDockerfile;
import org.testcontainers.kafka.KafkaContainer;

/**
 * The worker's image, made from this build by {@code deploy/Dockerfile}, with a broker and a
 * registry that are containers too. It is run as docker-compose.yml runs it: another user than
 * root, nothing writable but its state and {@code /tmp}, no capability.
 */
@Execution(ExecutionMode.CONCURRENT) // mostly waiting for other processes
@Tag("heavy")
class ContainersIT {
  private static final String REGISTRY_PATH = "/apis/ccompat/v7";
  private static final int REGISTRY_PORT = 8080;
  private static final int HTTP_PORT = 8080;

  /** Exit statuses, as Docker tells them. */
  private static final long KILLED = 137;

  private static final long STOPPED = 143;

  @TempDir private Path folder;

  private static Network network;
  private static KafkaContainer kafka;
  private static GenericContainer<?> registry;
  private static ImageFromDockerfile image;

  @BeforeAll
  static void start() throws IOException {
    Requirement.DOCKER.require(DockerClientFactory.instance().isDockerAvailable());
    network = Network.newNetwork();
    kafka =
        new KafkaContainer(composeImage("apache/kafka"))
            .withNetwork(network)
            .withListener("kafka:19092")
            // As TestCluster.QUICK: what a killed worker leaves behind is soon given up.
            .withEnv("KAFKA_GROUP_MIN_SESSION_TIMEOUT_MS", "1000");
    registry =
        new GenericContainer<>(composeImage("apicurio/apicurio-registry"))
            .withNetwork(network)
            .withNetworkAliases("registry")
            .withExposedPorts(REGISTRY_PORT)
            .waitingFor(
                Wait.forHttp(REGISTRY_PATH + "/subjects").withStartupTimeout(Workers.TIMEOUT));
    image = image();
    kafka.start();
    registry.start();
  }

  /** Returns an image with the version that docker-compose.yml has. */
  private static String composeImage(String name) throws IOException {
    var line = "image: " + name + ":";
    return Files.readAllLines(Path.of("docker-compose.yml")).stream()
        .map(String::strip)
        .filter(text -> text.startsWith(line))
        .map(text -> text.substring("image: ".length()))
        .findFirst()
        .orElseThrow();
  }

  private static ImageFromDockerfile image() {
    var jar = Path.of(System.getProperty("sluice.jar"));
    return new ImageFromDockerfile("sluice-test", true)
        .withFileFromPath("deploy/Dockerfile", Path.of("deploy/Dockerfile"))
        .withFileFromPath("target/lib", jar.resolveSibling("lib"))
        .withFileFromPath("target/sluice.jar", jar)
        .withFileFromPath("sluice", Path.of("sluice"))
        .withDockerfilePath("deploy/Dockerfile");
  }

  @AfterAll
  static void stop() {
    for (var container : new GenericContainer<?>[] {registry, kafka}) {
      if (container != null) {
        container.stop();
      }
    }
    if (network != null) {
      network.close();
    }
  }

  /** The settings of the programs on this side; the worker's differ in its addresses. */
  private static SluiceConfig config() {
    return SluiceConfig.of(
        Map.of(
            "bootstrap.servers",
            kafka.getBootstrapServers(),
            "schema.registry.url",
            "http://%s:%d%s"
                .formatted(
                    registry.getHost(), registry.getMappedPort(REGISTRY_PORT), REGISTRY_PATH)));
  }

  private static GenericContainer<?> worker() {
    return new GenericContainer<>(image)
        .withNetwork(network)
        .withEnv("SLUICE_BOOTSTRAP_SERVERS", "kafka:19092")
        .withEnv("SLUICE_SCHEMA_REGISTRY_URL", "http://registry:" + REGISTRY_PORT + REGISTRY_PATH)
        .withEnv("SLUICE_TOPIC_PARTITIONS", "2")
        .withEnv("SLUICE_ACCESS_PARTITIONS", "2")
        .withEnv("SLUICE_STREAMS_SESSION_TIMEOUT_MS", "3000")
        .withEnv("SLUICE_STREAMS_HEARTBEAT_INTERVAL_MS", "500")
        .withEnv("SLUICE_JAVA_OPTS", "-Xmx256m -XX:+UseSerialGC -XX:TieredStopAtLevel=1")
        .withTmpFs(Map.of("/tmp", "exec,nosuid,nodev,mode=1777,size=128m"))
        .withCreateContainerCmdModifier(
            command ->
                Objects.requireNonNull(command.getHostConfig())
                    .withReadonlyRootfs(true)
                    .withCapDrop(Capability.ALL)
                    .withSecurityOpts(List.of("no-new-privileges:true")))
        .withExposedPorts(HTTP_PORT)
        .waitingFor(Wait.forHttp("/health/ready").withStartupTimeout(Workers.TIMEOUT));
  }

  /** With the command line on this side. */
  private void publish(SluiceConfig config, List<String> lines) throws Exception {
    var file = Files.write(folder.resolve("events.jsonl"), lines);
    var arguments =
        List.of(
            "publish",
            file.toString(),
            "-o",
            "bootstrap.servers=" + config.bootstrapServers(),
            "-o",
            "schema.registry.url=" + config.get(RegistryKeys.SCHEMA_REGISTRY_URL).getFirst());
    try (var publishing =
        WorkerProcess.start(
            folder.resolve("publish.txt"),
            Path.of("src/main/resources/logback.xml"),
            Map.of(),
            arguments)) {
      assertThat(publishing.status(Workers.TIMEOUT))
          .as(String.join("\n", publishing.lines()))
          .isZero();
    }
  }

  private static long exitStatus(GenericContainer<?> container) {
    return Awaitility.await()
        .atMost(Workers.TIMEOUT)
        .until(
            () -> container.getCurrentContainerInfo().getState(),
            state -> Boolean.FALSE.equals(state.getRunning()))
        .getExitCodeLong();
  }

  @Test
  void shouldContinueAfterAKilledContainer() throws Exception {
    var story = Files.readAllLines(Path.of("src/main/resources/demo/story.jsonl"));
    // The last one approves access for some seconds; the others' outcome does not hang on the time.
    var lasting = new ArrayList<ProductEvent>();
    for (var line : story.subList(0, story.size() - 1)) {
      // The user who leaves returns, and has the same access then.
      if (EventJson.read(line) instanceof ProductEvent event) {
        lasting.add(event);
      }
    }
    var half = story.size() / 2;
    var config = config();
    try (var first = worker()) {
      first.start();
      assertThat(first.execInContainer("id", "-u").getStdout().strip()).isEqualTo("10001");
      assertThat(first.execInContainer("touch", "/opt/sluice/x").getExitCode()).isNotZero();
      publish(config, story.subList(0, half));
      Awaitility.await()
          .atMost(Workers.TIMEOUT)
          .until(() -> !CommittedLog.read(config).commands.isEmpty());
      first.getDockerClient().killContainerCmd(first.getContainerId()).exec();
      assertThat(exitStatus(first)).isEqualTo(KILLED);
    }
    // While there is no worker.
    publish(config, story.subList(half, story.size() - 1));

    try (var second = worker()) {
      second.start();
      publish(config, story.subList(story.size() - 1, story.size()));
      Workers.settle(config);
      Awaitility.await("the access of some seconds ends")
          .atMost(Workers.TIMEOUT)
          .until(
              () ->
                  CommittedLog.read(config).commands.stream()
                      .anyMatch(c -> c.getReason() == CommandReason.ACCESS_EXPIRED));
      WorkerIT.agree(config, lasting);

      second.getDockerClient().stopContainerCmd(second.getContainerId()).withTimeout(15).exec();
      assertThat(exitStatus(second)).as("stopped by itself").isEqualTo(STOPPED);
    }
  }
}
