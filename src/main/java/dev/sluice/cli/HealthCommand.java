package dev.sluice.cli;

import dev.sluice.config.HttpKeys;
import dev.sluice.config.SluiceConfig;
import dev.sluice.http.HealthEndpoint;
import dev.sluice.http.OwnCertificateTrust;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Asks the worker on this machine for its health. */
@Command(
    name = "health",
    mixinStandardHelpOptions = true,
    description = {
      "Ask the worker on this machine, at http.port, whether it is ready, and print its"
          + " answer. Exit status: 0 ready, 1 not ready or no answer. For containers without curl."
    })
final class HealthCommand implements Callable<Integer> {
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final int OK = 200;

  /** Addresses that mean every address of the machine. */
  private static final Set<String> ANY = Set.of("0.0.0.0", "::", "[::]");

  @Option(
      names = "--live",
      description =
          "Ask whether the worker is alive. A worker that starts, restores or lags is alive.")
  private boolean live;

  @Mixin private ConfigOptions options = new ConfigOptions();

  @Override
  public Integer call() throws Exception {
    var config = options.load();
    var uri = uri(config, live ? HealthEndpoint.LIVE : HealthEndpoint.READY);
    try (var client = OwnCertificateTrust.client(config, PATIENCE)) {
      var request = HttpRequest.newBuilder(uri).timeout(PATIENCE).build();
      var answer = client.send(request, BodyHandlers.ofString());
      Terminal.text(answer.body() + "\n");
      return answer.statusCode() == OK ? 0 : 1;
    } catch (IOException e) {
      Terminal.failure(AskException.noAnswer(uri, e));
      return 1;
    }
  }

  static URI uri(SluiceConfig config, String path) {
    if (config.get(HttpKeys.PORT) <= 0) {
      throw new UsageException(
          "http.port is %d, so the worker's actual port is unknown: give the port that it logged, as in -o http.port=8080"
              .formatted(config.get(HttpKeys.PORT)));
    }
    var host = ANY.contains(config.get(HttpKeys.HOST)) ? "127.0.0.1" : config.get(HttpKeys.HOST);
    var literal = host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host;
    return URI.create(
        config.httpScheme() + "://" + literal + ":" + config.get(HttpKeys.PORT) + path);
  }
}
