package dev.sluice.query;

import dev.sluice.query.shard.CallVersion;
import dev.sluice.query.shard.Deadline;
import dev.sluice.query.shard.ShardKind;
import dev.sluice.query.shard.ShardUnavailableException;
import dev.sluice.query.shard.StreamsShards;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.apache.kafka.streams.state.HostInfo;
import org.jspecify.annotations.Nullable;

/**
 * Forwards calls to other workers over HTTP, with the original caller's token.
 *
 * @param client the worker's client
 * @param scheme http or https
 * @param authorization the caller's header; null if missing
 * @param deadline deadline of the query
 */
record HttpForwarding(
    HttpClient client, String scheme, @Nullable String authorization, Deadline deadline)
    implements StreamsShards.Forwarding {

  /** Header with the remaining time for the other worker, in milliseconds. */
  static final String TIMEOUT_HEADER = "Sluice-Timeout-Ms";

  private static final Duration TIMEOUT_MIN = Duration.ofMillis(50);
  private static final int OK = 200;
  private static final int BAD_REQUEST = 400;
  private static final int NOT_FOUND = 404;

  @Override
  public byte[] call(
      HostInfo host,
      ShardKind shardKind,
      int partition,
      boolean stale,
      String call,
      byte[] arguments) {
    var literal = host.host().contains(":") ? "[" + host.host() + "]" : host.host();
    var uri =
        URI.create(
            "%s://%s:%d%s/%s/%d/%s?stale=%s"
                .formatted(
                    scheme,
                    literal,
                    host.port(),
                    QueryGateway.INTERNAL,
                    shardKind.what(),
                    partition,
                    call,
                    stale));
    try {
      var answer = send(uri, arguments);
      var version = answer.headers().firstValue(CallVersion.HEADER).orElse(null);
      if (isOfAnotherVersion(answer.statusCode(), version)) {
        var worker = "%s:%d, which has it,".formatted(host.host(), host.port());
        throw new ShardUnavailableException(
            shardKind, partition, CallVersion.refusal(worker, version));
      }
      if (answer.statusCode() != OK) {
        throw missing(shardKind, partition, host, "answered " + answer.statusCode());
      }
      return answer.body();
    } catch (IOException e) {
      throw missing(
          shardKind,
          partition,
          host,
          "does not answer (%s: %s)".formatted(e.getClass().getSimpleName(), e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw missing(shardKind, partition, host, "did not answer in time");
    }
  }

  /**
   * Sends a question; once more if the connection fails. A kept connection can be one that the
   * other worker has just closed, and the client repeats no POST by itself. A question changes
   * nothing.
   */
  private HttpResponse<byte[]> send(URI uri, byte[] arguments)
      throws IOException, InterruptedException {
    try {
      return client.send(request(uri, arguments), BodyHandlers.ofByteArray());
    } catch (IOException e) {
      if (deadline.left().compareTo(TIMEOUT_MIN) < 0) {
        throw e;
      }
      return client.send(request(uri, arguments), BodyHandlers.ofByteArray());
    }
  }

  private HttpRequest request(URI uri, byte[] arguments) {
    var left = deadline.left();
    var timeout = left.compareTo(TIMEOUT_MIN) < 0 ? TIMEOUT_MIN : left;
    var request =
        HttpRequest.newBuilder(uri)
            .timeout(timeout)
            .header("Content-Type", "application/json")
            .header(CallVersion.HEADER, Integer.toString(CallVersion.CURRENT))
            .header(TIMEOUT_HEADER, Long.toString(timeout.toMillis()))
            .POST(BodyPublishers.ofByteArray(arguments));
    if (authorization != null) {
      request.header("Authorization", authorization);
    }
    return request.build();
  }

  /**
   * Whether another version is the reason for an answer. A worker older than the versions takes no
   * notice of the header: it answers, or does not know the call or its arguments.
   */
  private static boolean isOfAnotherVersion(int status, @Nullable String version) {
    return version == null
        ? status == OK || status == BAD_REQUEST || status == NOT_FOUND
        : !CallVersion.isCurrent(version);
  }

  private static ShardUnavailableException missing(
      ShardKind shardKind, int partition, HostInfo host, String what) {
    return new ShardUnavailableException(
        shardKind,
        partition,
        "%s:%d, which holds it, %s".formatted(host.host(), host.port(), what));
  }
}
