package dev.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.testing.Jars;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The measurements of the jar, as small as they can be. */
@Execution(ExecutionMode.CONCURRENT)
class BenchIT {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path folder;

  private List<JsonNode> bench(String... arguments) throws IOException, InterruptedException {
    var temporary = Files.createDirectory(folder.resolve("tmp"));
    var out = folder.resolve("out.txt");
    var err = folder.resolve("err.txt");
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.add("-Djava.io.tmpdir=" + temporary);
    command.addAll(Jars.development());
    command.addAll(List.of("bench", "--json"));
    command.addAll(List.of("-o", "topic.partitions=2", "-o", "access.partitions=2"));
    command.addAll(List.of(arguments));
    var process =
        new ProcessBuilder(command)
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    if (!process.waitFor(300, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError("does not end: " + Files.readString(err));
    }
    assertThat(process.exitValue()).as(Files.readString(err)).isZero();
    try (var left = Files.list(temporary)) {
      assertThat(left.map(Path::getFileName).map(Path::toString))
          .noneMatch(name -> name.startsWith("sluice-"));
    }
    var lines = new ArrayList<JsonNode>();
    for (var line : Files.readAllLines(out)) {
      lines.add(JSON.readTree(line));
    }
    return lines;
  }

  @Execution(ExecutionMode.SAME_THREAD) // One measurement after the other.
  @Test
  void shouldMeasureTheFanOutAndTheBaseline() throws Exception {
    var lines =
        bench(
            "fanout",
            "--members",
            "200",
            "--sources",
            "3",
            "--rounds",
            "2",
            "--metrics",
            "--warmup",
            "0");

    assertThat(lines.stream().map(line -> line.get("name").asText()))
        .containsExactly("fanout", "fanout-dsl");
    for (var line : lines) {
      assertThat(line.get("kind").asText()).isEqualTo("bench");
      assertThat(line.get("rounds").asInt()).isEqualTo(2);
      assertThat(line.get("bare").get("min").asDouble()).isPositive();
      assertThat(line.get("ratio").get("median").asDouble()).isPositive();
    }
    assertThat(lines.getFirst().get("sluice").get("median").asDouble()).isPositive();
    assertThat(lines.getLast().get("dsl").get("median").asDouble()).isPositive();
  }

  @Tag("heavy")
  @Execution(ExecutionMode.SAME_THREAD) // One measurement after the other.
  @Test
  void shouldMeasureApprovalsOverProductsThatShareSources() throws Exception {
    var lines =
        bench(
            "approvals",
            "--members",
            "100",
            "--sources",
            "4",
            "--products",
            "10",
            "--rounds",
            "2",
            "--warmup",
            "1");

    assertThat(lines).hasSize(1);
    var line = lines.getFirst();
    assertThat(line.get("warmUpRounds").asInt()).isPositive();
    assertThat(line.get("warmUpSeconds").asInt()).isPositive();
    assertThat(line.at("/streamCpuUsPerApproval/min").asDouble()).isPositive();
    assertThat(line.at("/processCpuUsPerApproval/min").asDouble())
        .isGreaterThan(line.at("/streamCpuUsPerApproval/min").asDouble());
    // A request, its status, an update and a membership besides the commands.
    assertThat(line.get("recordsPerApproval").asDouble())
        .isGreaterThan(line.get("commandsPerApproval").asDouble() + 4);
    assertThat(line.at("/bareRecordsPerSecond/min").asDouble()).isPositive();
    assertThat(line.at("/ratioRecords/min").asDouble()).isPositive();
    assertThat(line.get("recordBytesMean").asInt()).isBetween(20, 1000);
    assertThat(line.at("/recordsPerFirstApproval/access-commands").asDouble()).isEqualTo(4);
    assertThat(line.at("/recordsPerFirstApproval/request-status").asDouble()).isEqualTo(1);
    assertThat(line.at("/floorInputsPerSecond/min").asDouble()).isPositive();
    assertThat(line.at("/floorStreamCpuUsPerInput/min").asDouble()).isPositive();
    assertThat(line.at("/ratioFloor/min").asDouble()).isPositive();
    assertThat(lines.getFirst().get("commandsPerApproval").asDouble()).isBetween(0.1, 3.9);
  }

  @Tag("heavy")
  @Execution(ExecutionMode.SAME_THREAD) // One measurement after the other.
  @Test
  void shouldMeasureLatencyAndItsReferences() throws Exception {
    var lines =
        bench("latency", "--members", "20", "--rounds", "1", "--seconds", "1", "--warmup", "0");

    assertThat(lines.stream().map(line -> line.get("name").asText()))
        .containsExactly("latency-idle", "latency-sweep", "latency-leavers");
    var idle = lines.getFirst();
    assertThat(idle.at("/sluice/p50").asDouble()).isPositive();
    assertThat(idle.at("/bareCommitEachMs/p50").asDouble()).isPositive();
    assertThat(idle.at("/floorMs/p50").asDouble()).isPositive();
    assertThat(idle.at("/ratioFloor/p99").asDouble()).isPositive();
    assertThat(idle.get("warmUpRounds").asInt()).isZero();
  }

  @Execution(ExecutionMode.SAME_THREAD) // One measurement after the other.
  @Test
  void shouldMeasureApprovalsWithoutTheFloorWhereItIsLeftOut() throws Exception {
    var lines =
        bench(
            "approvals",
            "--members",
            "10",
            "--products",
            "2",
            "--rounds",
            "1",
            "--warmup",
            "0",
            "--no-floor");

    assertThat(lines.getFirst().has("floorInputsPerSecond")).isFalse();
    assertThat(lines.getFirst().has("ratioRecords")).isTrue();
  }

  @Execution(ExecutionMode.SAME_THREAD) // One measurement after the other.
  @Test
  void shouldMeasureRequestsForProductsOfSeveralSizes() throws Exception {
    var lines = bench("requests", "--members", "20", "--rounds", "1", "--warmup", "0");

    assertThat(lines.stream().map(line -> line.get("sources").asInt()))
        .containsExactly(10, 1_000, 9_000);
    for (var line : lines) {
      assertThat(line.get("name").asText()).isEqualTo("requests");
      assertThat(line.at("/sluice/median").asDouble()).isPositive();
      assertThat(line.at("/ratioToSources10/median").asDouble()).isPositive();
      assertThat(line.at("/streamCpuUsPerRequest/min").asDouble()).isPositive();
      assertThat(line.get("recordsPerRequest").asDouble()).isGreaterThan(1);
    }
    assertThat(lines.getFirst().at("/ratioToSources10/median").asDouble()).isEqualTo(1);
  }

  @Execution(ExecutionMode.SAME_THREAD) // One measurement after the other.
  @Test
  void shouldMeasureTheTimeToRestore() throws Exception {
    var lines = bench("restore", "--members", "100", "--rounds", "1");

    assertThat(lines).hasSize(1);
    assertThat(lines.getFirst().get("changelogRecords").asLong()).isGreaterThan(200);
  }
}
