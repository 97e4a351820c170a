package dev.sluice.it;

import dev.sluice.app.WorkerApp;
import dev.sluice.auth.Role;
import dev.sluice.auth.TokenFile;
import dev.sluice.config.SluiceConfig;
import dev.sluice.query.shard.CallVersion;
import dev.sluice.testing.FreePorts;
import dev.sluice.testing.TestCluster;
import dev.sluice.testing.Workers;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Workers in this process, each with its API. */
final class ApiSite implements AutoCloseable {

  final List<WorkerApp> instances = new ArrayList<>();
  final SluiceConfig config;
  final String reader;
  final String publisher;
  final String userDirectory;

  /** A token for every kind of event. */
  final String storyteller;

  final String expired;
  private final HttpClient client = HttpClient.newHttpClient();

  ApiSite(TestCluster cluster, String id, int count) throws Exception {
    var read = TokenFile.make("reader", Set.of(Role.READ), null);
    var publish = TokenFile.make("publisher", Set.of(Role.PUBLISH), null);
    var users = TokenFile.make("directory", Set.of(Role.PUBLISH_USERS), null);
    var story = TokenFile.make("story", Set.of(Role.PUBLISH, Role.PUBLISH_USERS), null);
    var old = TokenFile.make("old", Set.of(Role.ADMIN), Instant.EPOCH);
    reader = read.token();
    publisher = publish.token();
    userDirectory = users.token();
    storyteller = story.token();
    expired = old.token();
    var tokens =
        Files.writeString(
            cluster.folder().resolve("tokens"),
            String.join("\n", read.line(), publish.line(), users.line(), story.line(), old.line()));
    var configs = new ArrayList<SluiceConfig>();
    for (int i = 0; i < count; i++) {
      configs.add(config(cluster, id, "data" + i, tokens, FreePorts.next()));
    }
    config = configs.getFirst();
    for (var each : configs) {
      instances.add(WorkerApp.start(each, List.of()));
    }
    for (var each : instances) {
      each.worker().awaitRunning(Workers.TIMEOUT);
    }
  }

  private static SluiceConfig config(
      TestCluster cluster, String id, String dataDir, Path tokens, int port) {
    var more = new HashMap<String, String>();
    more.put("topic.partitions", "4");
    more.put("access.partitions", "3");
    more.put("http.port", Integer.toString(port));
    more.put("http.host", "127.0.0.1");
    more.put("http.advertised.address", "127.0.0.1:" + port);
    more.put("http.auth.file", tokens.toString());
    more.put("http.rate.per.second", "0");
    more.put("http.body.bytes.max", "2000000");
    more.put("streams.num.standby.replicas", "1");
    // A busy machine must not take a worker for dead: the tests ask where each partition is.
    more.put("streams.session.timeout.ms", "120000");
    more.put("http.query.timeout.ms", "60000");
    more.put("http.events.timeout.ms", "60000");
    return cluster.config(id, dataDir, more);
  }

  HttpRequest.Builder request(int instance, String path, @Nullable String token) {
    var builder =
        HttpRequest.newBuilder(
            URI.create("http://127.0.0.1:" + instances.get(instance).port() + path));
    builder.header(CallVersion.HEADER, Integer.toString(CallVersion.CURRENT));
    if (token != null) {
      builder.header("Authorization", "Bearer " + token);
    }
    return builder;
  }

  HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return client.send(request.build(), BodyHandlers.ofString());
  }

  HttpResponse<String> get(int instance, String path) throws Exception {
    return send(request(instance, path, reader));
  }

  /** Waits until all input is processed, and its commands are committed. */
  void settle() throws InterruptedException {
    Workers.settle(config);
  }

  /** Follows what a worker tells, line by line. */
  HttpResponse<Stream<String>> follow(int instance, String path) throws Exception {
    return client.send(request(instance, path, reader).build(), BodyHandlers.ofLines());
  }

  HttpResponse<String> post(int instance, String path, String token, String type, String body)
      throws Exception {
    return send(
        request(instance, path, token)
            .header("Content-Type", type)
            .POST(BodyPublishers.ofString(body)));
  }

  @Override
  public void close() {
    client.close();
    instances.parallelStream().forEach(WorkerApp::close);
  }
}
