package dev.sluice.dev.bench;

import dev.sluice.config.SluiceConfig;
import dev.sluice.contract.Topics;
import dev.sluice.offsets.GroupOffsetsClient;
import dev.sluice.worker.Worker;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Utils;

/**
 * Measures how long a worker without its state folder takes from its start until all state is
 * restored. The bare round only reads the same changelogs.
 */
public final class Restore {
  private static final Duration START_MAX = Duration.ofMinutes(30);
  private static final int PRODUCTS = 10;

  private final Bench bench;
  private final int memberships;

  /**
   * Creates the measurement.
   *
   * @param memberships number of memberships in the state
   */
  public Restore(Bench bench, int memberships) {
    this.bench = bench;
    this.memberships = memberships;
  }

  /** Measures starts and reads alternately, after a warm-up of each. */
  public Measurement sluice() throws InterruptedException {
    var config = bench.config("restore");
    fill(config);
    var changelogs = changelogs(config);
    var starts = new double[bench.rounds()];
    var reads = new double[bench.rounds()];
    var ratios = new double[bench.rounds()];
    var records = 0L;
    for (int round = 0; round <= bench.rounds(); round++) {
      var start = start(config);
      var began = System.nanoTime();
      try (var reader = CommittedReader.atBeginning(config, changelogs)) {
        records = reader.drain(record -> {});
      }
      var read = (System.nanoTime() - began) / 1e9;
      if (round == 0) {
        continue; // the warm-up
      }
      starts[round - 1] = start;
      reads[round - 1] = read;
      ratios[round - 1] = read / start;
      bench
          .progress()
          .say(
              "restore, round %d of %d: start %.2f s, bare reading %.2f s; ratio %.2f"
                  .formatted(round, bench.rounds(), start, read, read / start));
    }
    return new Measurement(
        "restore",
        Measurement.SLUICE,
        memberships,
        1,
        bench.rounds(),
        "s",
        Figures.ofRounds(reads),
        Figures.ofRounds(starts),
        Figures.ofRounds(ratios),
        Map.of(
            "changelogRecords",
            records,
            "changelogBytes",
            changelogBytes(config, changelogs),
            "stateBytes",
            stateBytes(config)));
  }

  private void fill(SluiceConfig config) throws InterruptedException {
    var commands = new Topics(config.topicPrefix()).accessCommands();
    try (var worker = Worker.start(config, (type, outcome) -> {})) {
      worker.awaitRunning(START_MAX);
      try (var traffic = new Traffic(config);
          var reader = CommittedReader.atEnd(config, commands, worker::failIfEnded)) {
        for (int i = 0; i < PRODUCTS; i++) {
          traffic.published("product-" + i, List.of(i));
        }
        try (var work = bench.progress().begin("approving memberships", memberships)) {
          for (int i = 0; i < memberships; i++) {
            traffic.approved("product-" + i % PRODUCTS, i / PRODUCTS);
            work.reached(i + 1);
          }
          traffic.flush();
        }
        try (var work = bench.progress().begin("settling", memberships)) {
          reader.read(memberships, record -> {}, work::reached);
        }
      }
    }
  }

  /** Returns the seconds from the start to running, without local state. */
  private static double start(SluiceConfig config) throws InterruptedException {
    try {
      Utils.delete(config.dataDir().toFile());
    } catch (IOException e) {
      throw new BenchException(
          "cannot remove the state in %s: %s".formatted(config.dataDir(), e), e);
    }
    var began = System.nanoTime();
    try (var worker = Worker.start(config, (type, outcome) -> {})) {
      worker.awaitRunning(START_MAX);
      return (System.nanoTime() - began) / 1e9;
    }
  }

  /** Returns the disk usage of freshly restored state. */
  private static long stateBytes(SluiceConfig config) {
    try (var files = Files.walk(config.dataDir())) {
      return files.map(Path::toFile).filter(File::isFile).mapToLong(File::length).sum();
    } catch (IOException e) {
      throw new BenchException("cannot read the state in %s: %s".formatted(config.dataDir(), e), e);
    }
  }

  /** Returns the size of one replica of the changelogs at the broker. */
  private static long changelogBytes(SluiceConfig config, List<String> changelogs)
      throws InterruptedException {
    try (var admin = Admin.create(config.clientConfig())) {
      var brokers = admin.describeCluster().nodes().get().stream().map(Node::id).toList();
      var largest = new HashMap<TopicPartition, Long>();
      admin.describeLogDirs(brokers).allDescriptions().get().values().stream()
          .flatMap(folders -> folders.values().stream())
          .flatMap(folder -> folder.replicaInfos().entrySet().stream())
          .filter(replica -> changelogs.contains(replica.getKey().topic()))
          .forEach(
              replica -> largest.merge(replica.getKey(), replica.getValue().size(), Math::max));
      return largest.values().stream().mapToLong(Long::longValue).sum();
    } catch (ExecutionException e) {
      throw new BenchException("cannot read the size of the changelogs: " + e.getCause(), e);
    }
  }

  private static List<String> changelogs(SluiceConfig config) {
    try (var admin = Admin.create(config.clientConfig())) {
      return GroupOffsetsClient.forChecks(admin, config.applicationId()).topics().stream()
          .filter(
              name -> name.startsWith(config.applicationId() + "-") && name.endsWith("-changelog"))
          .toList();
    }
  }
}
