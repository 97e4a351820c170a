package dev.sluice.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.testing.FreePorts;
import dev.sluice.testing.Jars;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The jar as a user's processes. */
@Execution(ExecutionMode.CONCURRENT)
class CommandLineIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String STORY = "src/main/resources/demo/story.jsonl";

  /** Maximum wait for a process or its output; the machine may be busy. */
  private static final int SECONDS_MAX = 240;

  @TempDir private Path folder;

  private record Result(int status, String out, String err) {
    List<JsonNode> lines() throws IOException {
      var lines = new ArrayList<JsonNode>();
      for (var line : out.lines().toList()) {
        lines.add(JSON.readTree(line));
      }
      return lines;
    }
  }

  private Process start(Path out, Path err, String... arguments) throws IOException {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.add("-Djava.io.tmpdir=" + folder);
    var given = List.of(arguments);
    var forDevelopment = given.contains("demo") || given.contains("--embedded");
    command.addAll(forDevelopment ? Jars.development() : Jars.shipped());
    command.addAll(given);
    return new ProcessBuilder(command)
        .redirectOutput(out.toFile())
        .redirectError(err.toFile())
        .start();
  }

  private Result run(String... arguments) throws IOException, InterruptedException {
    var out = Files.createTempFile(folder, "out", ".txt");
    var err = Files.createTempFile(folder, "err", ".txt");
    var process = start(out, err, arguments);
    if (!process.waitFor(SECONDS_MAX, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError("does not end: " + Files.readString(err));
    }
    return new Result(process.exitValue(), Files.readString(out), Files.readString(err));
  }

  @Test
  void shouldShowTheStoryAsText() throws Exception {
    var demo = run("demo");

    assertThat(demo.status).as(demo.err).isZero();
    assertThat(demo.out)
        .contains("sales is suspended: figures are under review.")
        .contains("REVOKE ben        customers")
        .contains("Duplicate: ignored.")
        .contains("REJECTED UNKNOWN_PRODUCT")
        .contains("cleo's temporary access through sales ends.")
        .contains("Access, with its reasons")
        .contains("The commands add up to exactly this.");
  }

  @Test
  void shouldShowTheStoryAsJsonLines() throws Exception {
    var demo = run("demo", "--output", "json");

    assertThat(demo.status).as(demo.err).isZero();
    var lines = demo.lines();
    var command =
        lines.stream().filter(l -> l.get("kind").textValue().equals("command")).findFirst();
    assertThat(command.orElseThrow().properties().stream().map(e -> e.getKey()).toList())
        .containsExactly(
            "kind",
            "action",
            "userId",
            "sourceId",
            "sourceType",
            "productId",
            "reason",
            "causeEventId",
            "revision",
            "occurredAt",
            "epoch");
    assertThat(lines.stream().filter(l -> l.get("kind").textValue().equals("rejected")))
        .singleElement()
        .satisfies(
            l -> {
              assertThat(l.get("reason").textValue()).isEqualTo("UNKNOWN_PRODUCT");
              assertThat(l.get("remedy").textValue()).isNotEmpty();
              assertThat(l.get("event").has("data")).isTrue();
            });
    assertThat(lines.stream().filter(l -> l.get("kind").textValue().equals("product-status")))
        .hasSize(2);
    assertThat(lines.stream().filter(l -> l.get("kind").textValue().equals("request-status")))
        .hasSize(4);
  }

  @Test
  void shouldShowTheEndOfTemporaryAccessWhileItKeepsRunning() throws Exception {
    var file = folder.resolve("temporary.jsonl");
    Files.writeString(
        file,
        Files.readAllLines(Path.of(STORY)).getFirst()
            + "\n"
            + "{\"eventId\":\"t2\",\"productId\":\"sales\",\"occurredAt\":\"2026-01-05T09:00:00Z\",\"actor\":\"paula\",\"type\":\"AccessApproved\",\"data\":{\"requestId\":\"r1\",\"userId\":\"ana\",\"approvedBy\":\"paula\",\"expiresAt\":\"+6s\"}}\n");

    var demo = run("demo", "--events", file.toString(), "--linger", "12s", "--output", "json");

    assertThat(demo.status).as(demo.err).isZero();
    assertThat(
            demo.lines().stream()
                .filter(l -> l.get("kind").textValue().equals("command"))
                .filter(l -> l.get("sourceId").textValue().equals("orders"))
                .map(l -> l.get("action").textValue() + " " + l.get("reason").textValue()))
        .containsExactly("GRANT ACCESS_APPROVED", "REVOKE ACCESS_EXPIRED");
    assertThat(demo.lines().getLast().get("state").textValue()).isEqualTo("EXPIRED");
  }

  @Test
  void shouldNameTheWrongLineBeforeAnythingIsPublished() throws Exception {
    var file = folder.resolve("events.jsonl");
    Files.writeString(
        file, Files.readAllLines(Path.of(STORY)).getFirst() + "\n\n{\"eventId\":\"e2\",}\n");

    var demo = run("demo", "--events", file.toString());

    assertThat(demo.status).isEqualTo(2);
    assertThat(demo.err).contains("events.jsonl:3:").contains("not JSON");
    assertThat(demo.err).doesNotContain("Starting");
    assertThat(demo.out).isEmpty();
  }

  @Test
  void shouldRefuseASettingThatDoesNotExist() throws Exception {
    var run = run("run", "-o", "bootstrap.server=localhost:1");

    assertThat(run.status).isEqualTo(2);
    assertThat(run.err).contains("bootstrap.server").contains("bootstrap.servers");
  }

  @Test
  void shouldNameTheSettingOfAnEmbeddedPortThatIsTaken() throws Exception {
    try (var taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      var port = taken.getLocalPort();
      var broker =
          run(
              "run",
              "--embedded",
              "-o",
              "bootstrap.servers=localhost:" + port,
              "-o",
              "schema.registry.url=http://localhost:" + FreePorts.next(),
              "-o",
              "data.dir=" + folder.resolve("broker"));
      assertThat(broker.status).as(broker.err).isEqualTo(2);
      assertThat(broker.err)
          .contains("sluice: port %d of localhost is already in use".formatted(port))
          .contains("set bootstrap.servers to another port of localhost");

      var registry =
          run(
              "run",
              "--embedded",
              "-o",
              "bootstrap.servers=localhost:" + FreePorts.next(),
              "-o",
              "schema.registry.url=http://localhost:" + port,
              "-o",
              "data.dir=" + folder.resolve("registry"));
      assertThat(registry.status).as(registry.err).isEqualTo(2);
      assertThat(registry.err).contains("set schema.registry.url to another port of localhost");
    }
  }

  @Tag("heavy")
  @Test
  void shouldServeOtherProcessesAndSurviveAKill() throws Exception {
    var settings =
        new String[] {
          "-o", "bootstrap.servers=localhost:" + FreePorts.next(),
          "-o", "schema.registry.url=http://localhost:" + FreePorts.next(),
          "-o", "data.dir=" + folder.resolve("data"),
          "-o", "topic.partitions=2",
          "-o", "http.port=0"
        };
    var story = Files.readAllLines(Path.of(STORY));
    var half = story.size() / 2;
    var first = Files.write(folder.resolve("first.jsonl"), story.subList(0, half));
    var second = Files.write(folder.resolve("second.jsonl"), story.subList(half, story.size()));

    var err = folder.resolve("run1.txt");
    var worker = start(folder.resolve("none1"), err, with(settings, "run", "--embedded"));
    awaitLine(err, "running: 2 threads");
    assertThat(run(with(settings, "publish", first.toString())).err)
        .contains("Published " + half + " events");
    worker.destroyForcibly().waitFor();

    err = folder.resolve("run2.txt");
    worker = start(folder.resolve("none2"), err, with(settings, "run", "--embedded"));
    awaitLine(err, "running: 2 threads");
    assertThat(Files.readString(err))
        .as("it does not wait for those that died with the broker")
        .contains("removed 2 members of the previous run from group");
    var pipe = folder.resolve("pipe");
    new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor();
    new ProcessBuilder("cp", second.toString(), pipe.toString()).start();
    var published = run(with(settings, "publish", pipe.toString()));
    assertThat(published.status).as(published.err).isZero();
    assertThat(published.err)
        .startsWith("Published " + (story.size() - half) + " events")
        .as("no bar without a terminal")
        .doesNotContain("Publishing");
    assertThat(run(with(settings, "topics", "check")).status).isZero();

    var seen = folder.resolve("watch.txt");
    var watch =
        start(
            seen,
            folder.resolve("none3"),
            with(settings, "watch", "--from-beginning", "--output", "json"));
    awaitCommands(seen, "\"e14\"", 1);
    awaitCommands(seen, "\"e13\"", 3);
    awaitCommands(seen, "\"ACCESS_EXPIRED\"", 3);
    watch.destroy();
    assertThat(watch.waitFor(SECONDS_MAX, TimeUnit.SECONDS)).isTrue();

    var rejected = folder.resolve("rejected.txt");
    watch =
        start(
            rejected,
            folder.resolve("none4"),
            with(settings, "watch", "--rejected", "--from-beginning", "--output", "json"));
    awaitCommands(rejected, "\"UNKNOWN_PRODUCT\"", 1);
    watch.destroy();
    var shown = JSON.readTree(Files.readAllLines(rejected).getFirst());
    assertThat(shown.get("topic").textValue()).isEqualTo("product-events");
    assertThat(shown.get("event").get("eventId")).isEqualTo(shown.get("eventId"));
    assertThat(shown.get("remedy").textValue()).isNotEmpty();

    // Out of the topic, mended, and sent again.
    var taken =
        run(
            with(
                settings,
                "watch",
                "--rejected",
                "--from-beginning",
                "--to-end",
                "--output",
                "events"));
    assertThat(taken.status).as(taken.err).isZero();
    assertThat(taken.out).startsWith("# UNKNOWN_PRODUCT: ");
    var other =
        run(
            with(
                settings,
                "watch",
                "--rejected",
                "--from-beginning",
                "--to-end",
                "--reason",
                "TOO_LARGE"));
    assertThat(other.out).isEmpty();
    var mended =
        Files.writeString(
            folder.resolve("mended.jsonl"),
            taken.out.replaceAll("\"productId\":\"[^\"]*\"", "\"productId\":\"mended\""));
    var again = run(with(settings, "publish", "--without-sequence", mended.toString()));
    assertThat(again.status).as(again.err).isZero();
    assertThat(again.err).startsWith("Published 1 events");

    // The input itself, in the form that publish takes: for a new topic.
    var events =
        run(
            with(
                settings,
                "watch",
                "--events",
                "--from-beginning",
                "--to-end",
                "--output",
                "events"));
    assertThat(events.status).as(events.err).isZero();
    var ofProducts = story.stream().filter(line -> line.contains("\"productId\"")).toList();
    assertThat(ids(events.out.lines().toList()))
        .containsAll(ids(ofProducts))
        .hasSize(ofProducts.size() + 1); // and the mended one
    var ofUsers =
        run(
            with(
                settings,
                "watch",
                "--user-events",
                "--from-beginning",
                "--to-end",
                "--output",
                "events"));
    assertThat(ids(ofUsers.out.lines().toList())).containsExactly("h1", "h2");
    var one = with(settings, "watch", "--events", "--from-beginning", "--to-end", "--type", "x");
    assertThat(run(one).out).isEmpty();

    worker.destroy();
    assertThat(worker.waitFor(SECONDS_MAX, TimeUnit.SECONDS)).as("stops on SIGTERM").isTrue();
    assertThat(Files.readString(err))
        .contains("RunCommand stopped; events:")
        .contains("1 event rejected: UNKNOWN_PRODUCT ");
    assertThat(access(seen))
        .containsExactlyInAnyOrder("ana|customers", "ana|orders", "ana|returns");
  }

  private static List<String> ids(List<String> events) throws IOException {
    var ids = new ArrayList<String>();
    for (var event : events) {
      ids.add(JSON.readTree(event).get("eventId").textValue());
    }
    return ids;
  }

  private static List<String> access(Path seen) throws IOException {
    var access = new ArrayList<String>();
    for (var line : Files.readAllLines(seen)) {
      var command = JSON.readTree(line);
      var pair = command.get("userId").textValue() + "|" + command.get("sourceId").textValue();
      if (command.get("action").textValue().equals("GRANT")) {
        assertThat(access).doesNotContain(pair);
        access.add(pair);
      } else {
        assertThat(access.remove(pair)).isTrue();
      }
    }
    return access;
  }

  private static void awaitCommands(Path seen, String text, int count) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(SECONDS_MAX))
        .until(
            () -> Files.readAllLines(seen).stream().filter(l -> l.contains(text)).count() == count);
  }

  private static void awaitLine(Path file, String text) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(SECONDS_MAX))
        .until(() -> Files.exists(file) && Files.readString(file, UTF_8).contains(text));
  }

  private static String[] with(String[] settings, String... arguments) {
    var all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of(settings));
    return all.toArray(String[]::new);
  }
}
