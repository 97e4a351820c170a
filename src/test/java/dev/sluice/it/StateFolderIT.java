package dev.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.config.SluiceConfig;
import dev.sluice.event.Events;
import dev.sluice.folder.NativeLibraryFolder;
import dev.sluice.operator.OperatorException;
import dev.sluice.testing.Commands;
import dev.sluice.testing.CommittedLog;
import dev.sluice.testing.Requirement;
import dev.sluice.testing.TestCluster;
import dev.sluice.testing.Workers;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.streams.StreamsConfig;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The folder of local state: not to be used, taken, gone and full. */
@Order(Integer.MAX_VALUE)
class StateFolderIT {
  @RegisterExtension static final TestCluster CLUSTER = TestCluster.shared();

  private static SluiceConfig config(String id, String dataDir) {
    return CLUSTER.config(
        id,
        dataDir,
        Map.of(
            "state.memory.bytes",
            Integer.toString(16 << 20),
            // A thread that finds no folder does not leave its group.
            "streams.session.timeout.ms",
            "1500",
            "streams.heartbeat.interval.ms",
            "400",
            "streams.producer.transaction.timeout.ms",
            "4000",
            "shutdown.timeout.ms",
            Long.toString(Workers.FORCED_STOP.toMillis())));
  }

  @Test
  void shouldNotStartIfTheFolderIsAFile() throws Exception {
    Files.writeString(CLUSTER.folder().resolve("file"), "not a folder");

    assertThatThrownBy(() -> Workers.start(config("not-a-folder", "file")))
        .isInstanceOf(OperatorException.class)
        .hasMessageStartingWith(
            "the state folder " + CLUSTER.folder().resolve("file") + " cannot be used: ")
        .hasMessageContaining("set data.dir to another");
  }

  @Test
  void shouldNotStartWithoutWritePermission() throws Exception {
    var closed = Files.createDirectories(CLUSTER.folder().resolve("closed"));
    // Permissions do not stop root; the flag does.
    var root =
        Files.getOwner(Files.createTempFile(CLUSTER.folder(), "who", "")).getName().equals("root");
    Requirement.DISK_RIGHTS.require(
        root
            ? Commands.succeeds("chattr", "+i", closed.toString())
            : closed.toFile().setWritable(false, false));
    try {
      assertThatThrownBy(() -> Workers.start(config("closed", "closed")))
          .isInstanceOf(OperatorException.class)
          .hasMessageStartingWith("the state folder " + closed + " cannot be used: ")
          .hasMessageContaining("a folder that the worker's user may write to");
    } finally {
      Commands.succeeds("chattr", "-i", closed.toString());
      closed.toFile().setWritable(true, false);
    }
  }

  @Test
  void shouldRefuseASecondWorkerAndRestoreADeletedFolder() throws Exception {
    var config = config("gone", "gone");
    try (var worker = Workers.running(config)) {
      assertThatThrownBy(() -> Workers.start(config))
          .isInstanceOf(OperatorException.class)
          .hasMessage(
              "another worker uses the state folder %s: stop it, or set data.dir to a folder of this"
                      .formatted(CLUSTER.folder().resolve("gone"))
                  + " worker's own");
      Workers.publish(config, Events.published("p1", "s1"), Events.approved("p1", "r1", "ana"));
      Workers.awaitCommands(config, 1);

      assertThat(Commands.succeeds("rm", "-rf", CLUSTER.folder().resolve("gone").toString()))
          .isTrue();

      assertThat(Workers.endOf(worker))
          .hasMessageContaining(
              "the state folder " + CLUSTER.folder().resolve("gone") + " was deleted or")
          .hasMessageContaining("restored from Kafka");
    }
    try (var worker = Workers.running(config)) {
      Workers.publish(config, Events.suspended("p1"));
      Workers.awaitCommands(config, 2);
      worker.failIfEnded();
    }
    assertThat(CommittedLog.read(config).access()).isEmpty();
  }

  @Test
  void shouldEndSoonWhenTheDiskIsFull() throws Exception {
    var small = Files.createDirectories(CLUSTER.folder().resolve("small"));
    Requirement.DISK_RIGHTS.require(
        FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
            && Commands.succeeds(
                "mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", small.toString()));
    var filler = small.resolve("filler");
    try {
      var config = config("full", "small");
      fill(filler);
      assertThatThrownBy(() -> Workers.start(config))
          .isInstanceOf(OperatorException.class)
          .hasMessageStartingWith("the state folder " + small + " cannot be used: ")
          .hasMessageContaining("No space left on device");
      Files.delete(filler);

      try (var worker = Workers.running(config)) {
        fill(filler);
        for (int i = 0; i < 30; i++) {
          Workers.publish(config, Events.published("p" + i, "large", Events.sources(manyIds())));
        }
        assertThat(Workers.endOf(worker))
            .hasMessageContaining("the state folder " + small + " cannot be used: ")
            .hasMessageContaining("No space left on device")
            .hasMessageContaining("check that its disk has space");
      }
    } finally {
      Commands.succeeds("umount", "-l", small.toString());
    }
  }

  /** Half a megabyte of ids of sources. */
  private static String[] manyIds() {
    return IntStream.range(0, 2_500)
        .mapToObj(i -> "s" + i + "x".repeat(200))
        .toArray(String[]::new);
  }

  @Test
  void shouldReportATemporaryFolderWithoutExecution() throws Exception {
    var still = Files.createDirectories(CLUSTER.folder().resolve("still"));
    Requirement.DISK_RIGHTS.require(
        FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
            && Commands.succeeds(
                "mount", "-t", "tmpfs", "-o", "size=3m,noexec", "tmpfs", still.toString()));
    try {
      assertThat(NativeLibraryFolder.problem(still, Map.of()))
          .isEqualTo(
              "the temporary folder %s (java.io.tmpdir) is on a file system that permits no execution (noexec)"
                  .formatted(still));
    } finally {
      Commands.succeeds("umount", "-l", still.toString());
    }
  }

  /** Takes all the space there is. */
  private static void fill(Path file) throws IOException {
    try (var out = Files.newOutputStream(file)) {
      while (true) {
        out.write(new byte[4096]);
      }
    } catch (IOException full) {
      assertThat(full).hasMessageContaining("No space left");
    }
  }

  @Test
  void shouldKeepStateAfterAStopAndRestoreItAfterAKill() throws Exception {
    var config = CLUSTER.config("killed", Map.of());
    var state =
        Path.of(config.streamsConfig().getProperty(StreamsConfig.STATE_DIR_CONFIG), "killed");
    var running = state.resolve("worker.running");
    Path mark;
    try (var worker = Workers.running(config)) {
      Workers.publish(config, Events.published("p1", "s1"), Events.approved("p1", "r1", "ana"));
      Workers.awaitCommands(config, 1);
      assertThat(running).exists();
      worker.failIfEnded();
    }
    assertThat(running).doesNotExist();
    try (var tasks = Files.newDirectoryStream(state, Files::isDirectory)) {
      mark = Files.createFile(tasks.iterator().next().resolve("mark"));
    }
    try (var worker = Workers.running(config)) {
      Workers.publish(config, Events.approved("p1", "r2", "ben"));
      Workers.awaitCommands(config, 2);
      worker.failIfEnded();
    }
    assertThat(mark).as("the state of one that stopped").exists();

    // As a kill leaves it, and nothing in it is of use any more.
    Files.createFile(running);
    spoil(state);
    try (var worker = Workers.running(config)) {
      assertThat(mark).as("the state of one that was killed").doesNotExist();
      Workers.publish(config, Events.suspended("p1"));
      Workers.awaitCommands(config, 4);
      worker.failIfEnded();
    }
    assertThat(CommittedLog.read(config).access()).isEmpty();
  }

  private static void spoil(Path state) throws IOException {
    try (var paths = Files.walk(state)) {
      for (var file : paths.filter(path -> isOfTask(state, path)).toList()) {
        Files.writeString(file, "spoilt");
      }
    }
  }

  private static boolean isOfTask(Path state, Path path) {
    return Files.isRegularFile(path) && !state.equals(path.getParent());
  }

  @Test
  void shouldStopWhileItStillRestores() throws Exception {
    var config = config("restoring", "one");
    try (var worker = Workers.running(config)) {
      Workers.publish(config, Events.published("p1", "s1"));
      worker.failIfEnded();
    }
    var began = System.nanoTime();
    Workers.start(config("restoring", "two")).close();

    // Real time: a stop that waited for the restore would take until its end, or the default of
    // the clients' timeouts. There is room for a busy machine.
    assertThat(Duration.ofNanos(System.nanoTime() - began))
        .isLessThan(Workers.FORCED_STOP.plusSeconds(20));
  }
}
