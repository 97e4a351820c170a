package dev.sluice.cli;

import dev.sluice.app.WorkerApp;
import dev.sluice.config.LogKeys;
import dev.sluice.config.SluiceConfig;
import dev.sluice.config.WorkerKeys;
import dev.sluice.contract.Topics;
import dev.sluice.folder.NativeLibraryFolder;
import dev.sluice.logging.LogFormat;
import dev.sluice.logging.LogLevels;
import dev.sluice.operator.OperatorException;
import dev.sluice.startup.LeftoverTransactions;
import dev.sluice.worker.RejectionLog;
import dev.sluice.worker.Worker;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Runs a worker. */
@Command(
    name = "run",
    mixinStandardHelpOptions = true,
    description = {
      "Run the worker against the configured Kafka until SIGTERM or Ctrl-C. Creates missing"
          + " topics. Workers with the same application.id share the"
          + " work."
    })
final class RunCommand implements Callable<Integer> {
  private static final Logger LOG = LoggerFactory.getLogger(RunCommand.class);

  @Mixin private ConfigOptions options = new ConfigOptions();

  @Option(
      names = "--embedded",
      description = {
        "Start a broker and a schema registry in this process, for development: on the loopback"
            + " ports that bootstrap.servers and schema.registry.url name, with their data in"
            + " data.dir."
      })
  private boolean embedded;

  @Option(
      names = "--set-aside",
      paramLabel = "INPUT:PARTITION:OFFSET",
      description = {
        "A record that no worker can process, like access-updates:3:1234. It goes to"
            + " rejected-events instead, like those of records.set.aside. Repeatable. Read"
            + " docs/runbook.md, section SluiceRecordSetAside, first."
      })
  private List<String> setAside = new ArrayList<>();

  private SluiceConfig config() {
    var config = options.load();
    if (setAside.isEmpty()) {
      return config;
    }
    var all = new LinkedHashSet<>(config.get(WorkerKeys.RECORDS_SET_ASIDE));
    all.addAll(setAside);
    return options.load(Map.of(WorkerKeys.RECORDS_SET_ASIDE.key(), String.join(",", all)));
  }

  @Override
  public Integer call() throws Exception {
    var config = config();
    Thread.setDefaultUncaughtExceptionHandler(RunCommand::died);
    if (config.get(LogKeys.FORMAT).equals("json")) {
      LogFormat.json();
    }
    var levels = config.find(LogKeys.LEVELS_FILE);
    if (levels == null) {
      return work(config);
    }
    try (var followed = LogLevels.follow(levels)) {
      LOG.debug("following {}", followed);
      return work(config);
    }
  }

  /** Streams lets a replaced thread die of its error, which the worker has already logged. */
  private static void died(Thread thread, Throwable error) {
    if (!RepeatedWarnings.isOurs(error)) {
      LOG.error("thread {} ended", thread.getName(), error);
    }
  }

  private int work(SluiceConfig config) throws Exception {
    NativeLibraryFolder.require();
    var stopped = new CountDownLatch(1);
    try {
      if (!embedded) {
        return work(config, new CompletableFuture<>(), stopped);
      }
      try (var servers =
          DevelopmentTools.find()
              .orElseThrow(() -> DevelopmentTools.absent("--embedded"))
              .startServers(config)) {
        LOG.info("{}", servers);
        LeftoverTransactions.clear(config);
        return work(config, servers.fault(), stopped);
      }
    } finally {
      stopped.countDown();
    }
  }

  private static int work(
      SluiceConfig config, CompletionStage<? extends Throwable> fault, CountDownLatch stopped)
      throws InterruptedException {
    var topic = new Topics(config.topicPrefix()).rejectedEvents();
    KafkaAccess.requireKafka(config);
    String events;
    try (var rejections = RejectionLog.of(topic);
        var app = WorkerApp.start(config, List.of(rejections))) {
      var worker = app.worker();
      // The hook requests the stop and waits until this thread has closed everything: the JVM ends
      // when the hook returns.
      var hook =
          new Thread(
              () -> {
                if (stopped.getCount() > 0) {
                  LOG.info("stopping");
                }
                worker.close();
                await(stopped);
              });
      Runtime.getRuntime().addShutdownHook(hook);
      fault.thenAccept(worker::fail);
      awaitEnd(worker);
      events = app.metrics().events().toString();
    }
    LOG.info("stopped; events: {}", events);
    return 0;
  }

  private static void awaitEnd(Worker worker) throws InterruptedException {
    try {
      worker.awaitEnd();
    } catch (OperatorException e) {
      if (worker.isBroken()) {
        // Threads that a proper stop waits for may be missing. The next start repeats uncommitted
        // work.
        Terminal.failures(String.valueOf(e.getMessage()));
        Runtime.getRuntime().halt(1);
      }
      throw e;
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
