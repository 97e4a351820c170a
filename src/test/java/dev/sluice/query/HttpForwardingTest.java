package dev.sluice.query;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.sluice.query.shard.CallVersion;
import dev.sluice.query.shard.Deadline;
import dev.sluice.query.shard.ShardKind;
import dev.sluice.query.shard.ShardUnavailableException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.streams.state.HostInfo;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A call to a worker of the same version, of a newer one and of one older than the versions. */
class HttpForwardingTest {
  private final AtomicReference<@Nullable String> sent = new AtomicReference<>();
  private HttpServer server;
  private HttpClient client;
  private int status;
  private volatile int breaks;
  private @Nullable String version;

  @BeforeEach
  void open() throws Exception {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          sent.set(exchange.getRequestHeaders().getFirst(CallVersion.HEADER));
          exchange.getRequestBody().readAllBytes();
          if (breaks > 0) {
            breaks--;
            exchange.close(); // without an answer
            return;
          }
          if (version != null) {
            exchange.getResponseHeaders().set(CallVersion.HEADER, version);
          }
          var body = "[]".getBytes(UTF_8);
          exchange.sendResponseHeaders(status, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    client = HttpClient.newHttpClient();
  }

  @AfterEach
  void close() {
    client.close();
    server.stop(0);
  }

  private String call() {
    var forwarding =
        new HttpForwarding(
            client, "http", null, new Deadline(Duration.ofMinutes(1), System::nanoTime));
    var host = new HostInfo("127.0.0.1", server.getAddress().getPort());
    return new String(
        forwarding.call(host, ShardKind.USERS, 3, false, "standings", "{}".getBytes(UTF_8)), UTF_8);
  }

  @Test
  void shouldTakeTheAnswerOfAWorkerOfTheSameVersion() {
    status = 200;
    version = Integer.toString(CallVersion.CURRENT);

    assertThat(call()).isEqualTo("[]");
    assertThat(sent).hasValue(version);
    status = 429;
    assertThatThrownBy(this::call)
        .isInstanceOf(ShardUnavailableException.class)
        .hasMessageContaining("answered 429")
        .hasMessageNotContaining("version");
  }

  /** As a kept connection fails that the other worker closed meanwhile. */
  @Test
  void shouldAskAgainIfTheConnectionBreaks() {
    status = 200;
    version = Integer.toString(CallVersion.CURRENT);
    breaks = 1;

    assertThat(call()).isEqualTo("[]");
    breaks = 2;
    assertThatThrownBy(this::call)
        .isInstanceOf(ShardUnavailableException.class)
        .hasMessageContaining("does not answer (IOException: ");
    assertThat(breaks).isZero();
  }

  @ParameterizedTest
  @CsvSource({"503,99", "200,99", "200,", "400,", "404,"})
  void shouldNameBothVersionsWhereTheOtherWorkerIsOfAnotherOne(int answered, String theirs) {
    status = answered;
    version = theirs;

    assertThatThrownBy(this::call)
        .isInstanceOf(ShardUnavailableException.class)
        .hasMessageContaining("partition 3 of users is unavailable now")
        .hasMessageContaining("is a worker of another version")
        .hasMessageContaining(theirs == null ? "an older version than 1" : "version " + theirs)
        .hasMessageContaining("this worker version " + CallVersion.CURRENT)
        .hasMessageContaining("try again when all workers run one version");
  }
}
