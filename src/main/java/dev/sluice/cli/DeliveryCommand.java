package dev.sluice.cli;

import dev.sluice.app.DeliveryApp;
import dev.sluice.config.SluiceConfig;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Runs delivery. */
@Command(
    name = "delivery",
    mixinStandardHelpOptions = true,
    description = {
      "Run delivery in a process of its own until SIGTERM or Ctrl-C: it joins the commands with the"
          + " results of those who carry them out, and tells which are not confirmed. Creates"
          + " missing topics. Give it the worker's configuration; on the worker's machine it needs"
          + " another http.port. Processes with the same application.id share the work."
    })
final class DeliveryCommand implements Callable<Integer> {
  private static final Logger LOG = LoggerFactory.getLogger(DeliveryCommand.class);

  @Mixin private ConfigOptions options = new ConfigOptions();

  @Override
  public Integer call() throws Exception {
    var config = options.load();
    return Foreground.run(config, foreground -> work(config, foreground));
  }

  private static int work(SluiceConfig config, Foreground foreground) throws InterruptedException {
    KafkaAccess.requireKafka(config);
    try (var app = DeliveryApp.start(config)) {
      var delivery = app.delivery();
      foreground.await(
          new Foreground.Part() {
            @Override
            public void close() {
              delivery.close();
            }

            @Override
            public void awaitEnd() throws InterruptedException {
              delivery.awaitEnd();
            }

            @Override
            public boolean isBroken() {
              return delivery.isBroken();
            }
          });
    }
    LOG.info("stopped");
    return 0;
  }
}
