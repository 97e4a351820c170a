package dev.sluice.it.chaos;

import dev.sluice.dev.embedded.EmbeddedKafka;
import dev.sluice.dev.embedded.EmbeddedKafkaSettings;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;

/**
 * A broker in a process of its own, for being killed: {@code FOLDER PORT}. It keeps its topics in
 * the folder, and runs until it gives up or is ended from outside.
 */
final class BrokerProcess {
  static final String READY = "the broker answers";

  private BrokerProcess() {}

  public static void main(String[] args) {
    var settings =
        EmbeddedKafkaSettings.lasting(Path.of(args[0])).withBrokerPort(Integer.parseInt(args[1]));
    try (var kafka = EmbeddedKafka.start(settings)) {
      System.err.println(READY);
      var ended = new CompletableFuture<Void>();
      kafka.fault().thenAccept(ended::completeExceptionally);
      ended.join();
    }
  }
}
