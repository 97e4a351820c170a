package dev.sluice.cli;

import dev.sluice.app.WorkerApp;
import dev.sluice.config.SluiceConfig;
import dev.sluice.config.WorkerKeys;
import dev.sluice.contract.Topics;
import dev.sluice.startup.LeftoverTransactions;
import dev.sluice.worker.RejectionLog;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
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
    return Foreground.run(config, foreground -> work(config, foreground));
  }

  private int work(SluiceConfig config, Foreground foreground) throws Exception {
    if (!embedded) {
      return work(config, new CompletableFuture<>(), foreground);
    }
    try (var servers =
        DevelopmentTools.find()
            .orElseThrow(() -> DevelopmentTools.absent("--embedded"))
            .startServers(config)) {
      LOG.info("{}", servers);
      LeftoverTransactions.clear(config);
      return work(config, servers.fault(), foreground);
    }
  }

  private static int work(
      SluiceConfig config, CompletionStage<? extends Throwable> fault, Foreground foreground)
      throws InterruptedException {
    var topic = new Topics(config.topicPrefix()).rejectedEvents();
    KafkaAccess.requireKafka(config);
    String events;
    try (var rejections = RejectionLog.of(topic);
        var app = WorkerApp.start(config, List.of(rejections))) {
      fault.thenAccept(app.worker()::fail);
      foreground.await(part(app));
      events = app.metrics().events().toString();
    }
    LOG.info("stopped; events: {}", events);
    return 0;
  }

  private static Foreground.Part part(WorkerApp app) {
    var worker = app.worker();
    var delivery = app.delivery();
    return new Foreground.Part() {
      @Override
      public void close() {
        worker.close();
        if (delivery != null) {
          delivery.close();
        }
      }

      @Override
      public void awaitEnd() throws InterruptedException {
        worker.awaitEnd();
      }

      @Override
      public boolean isBroken() {
        return worker.isBroken();
      }
    };
  }
}
