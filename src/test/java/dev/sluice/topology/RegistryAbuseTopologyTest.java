package dev.sluice.topology;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.sluice.avro.AccessCommand;
import dev.sluice.avro.ProductEvent;
import dev.sluice.contract.RejectionHeaders;
import dev.sluice.event.Events;
import dev.sluice.event.codec.EventAvro;
import dev.sluice.event.codec.UnknownSchemaWait;
import dev.sluice.registry.ConfluentAvroDeserializer;
import dev.sluice.registry.Misbehaviour;
import dev.sluice.registry.ScriptedServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.apache.avro.Schema;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A good event while the registry is anything but one: it is waited for, and never rejected. */
@Timeout(60)
class RegistryAbuseTopologyTest {
  private static final byte[] P1 = "p1".getBytes(UTF_8);
  private static final int ID = 7;
  private static final String UNKNOWN = "{\"error_code\":40403,\"message\":\"Schema 7 not found\"}";
  private static final byte[] PUBLISHED = published();

  @ParameterizedTest
  @EnumSource
  void shouldWaitForAnAnswerThatARegistryGives(Misbehaviour misbehaviour) {
    try (var server = new ScriptedServer(200, "")) {
      server.answer(misbehaviour);
      var tries = new int[1];
      try (var driver =
          new Driver(
              () -> deserializer(server.port()),
              (tried, trouble) -> {
                tries[0] = tried;
                server.answer(200, schema(ProductEvent.getClassSchema()));
                return true;
              })) {

        driver.put(P1, PUBLISHED);

        assertThat(tries[0]).isEqualTo(1);
        assertThat(driver.rejected()).isEmpty();
        assertThat(driver.outcomes()).containsExactly("applied");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void shouldWaitForARegistryThatIsDownOrResetsItsConnections(boolean resets) throws Exception {
    try (var socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        var back = new Return(socket.getLocalPort())) {
      if (resets) {
        Thread.ofVirtual().start(() -> reset(socket));
      } else {
        socket.close();
      }
      try (var driver =
          new Driver(
              () -> deserializer(back.port()),
              (tried, trouble) -> {
                back.start(socket);
                return true;
              })) {

        driver.put(P1, PUBLISHED);

        assertThat(driver.rejected()).isEmpty();
        assertThat(driver.outcomes()).containsExactly("applied");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"schema\":\"[\"}",
        "{\"schema\":\"message A {}\",\"schemaType\":\"PROTOBUF\"}",
        "{\"schema\":\"\\\"string\\\"\"}"
      })
  void shouldRejectWhatTheRegistrySaysIsNoEvent(String answer) {
    shouldReject(200, answer);
  }

  @Test
  void shouldRejectAnIdThatTheRegistryDoesNotKnow() {
    shouldReject(404, UNKNOWN);
  }

  @Test
  void shouldWaitForAnIdThatTheRegistryDoesNotKnowYet() {
    var clock = new AtomicLong();
    var schemas = new UnknownSchemaWait(Duration.ofSeconds(30), clock::get);
    try (var behind = new ScriptedServer(404, UNKNOWN)) {
      var waits = new ArrayList<String>();
      try (var driver =
          new Driver(
              () -> deserializer(behind.port()),
              (tried, trouble) -> {
                waits.add(String.valueOf(trouble.getMessage()));
                clock.addAndGet(Duration.ofSeconds(10).toNanos());
                if (tried == 2) {
                  behind.answer(200, schema(ProductEvent.getClassSchema()));
                }
                return true;
              },
              schemas)) {

        driver.put(P1, PUBLISHED);

        assertThat(waits)
            .hasSize(2)
            .allMatch(said -> said.startsWith("schema id 7 is not in the registry"));
        assertThat(driver.rejected()).isEmpty();
        assertThat(driver.outcomes()).containsExactly("applied");
      }
    }
  }

  @Test
  void shouldRejectAnIdThatStaysUnknownAndNotWaitForItAgain() {
    var clock = new AtomicLong();
    var schemas = new UnknownSchemaWait(Duration.ofSeconds(30), clock::get);
    try (var server = new ScriptedServer(404, UNKNOWN)) {
      var waits = new int[1];
      try (var driver =
          new Driver(
              () -> deserializer(server.port()),
              (tried, trouble) -> {
                waits[0]++;
                clock.addAndGet(Duration.ofSeconds(10).toNanos());
                return true;
              },
              schemas)) {

        driver.put(P1, PUBLISHED);
        driver.put(P1, PUBLISHED);

        assertThat(waits[0]).isEqualTo(3);
        assertThat(driver.outcomes()).containsExactly("unreadable", "unreadable");

        server.answer(200, schema(ProductEvent.getClassSchema()));
        driver.put(P1, PUBLISHED);

        assertThat(driver.outcomes()).containsExactly("unreadable", "unreadable", "applied");
      }
    }
  }

  @Test
  void shouldRejectARecordOfAnotherSchema() {
    shouldReject(200, schema(AccessCommand.getClassSchema()));
  }

  private static void shouldReject(int status, String answer) {
    try (var server = new ScriptedServer(status, answer);
        var driver = new Driver(() -> deserializer(server.port()), (tries, trouble) -> false)) {

      driver.put(P1, PUBLISHED);

      assertThat(driver.outcomes()).containsExactly("unreadable");
      var rejected = driver.rejected();
      assertThat(rejected).hasSize(1);
      assertThat(rejected.getFirst().value()).isEqualTo(PUBLISHED);
      assertThat(rejected.getFirst().headers().lastHeader(RejectionHeaders.MESSAGE)).isNotNull();
    }
  }

  /** The registry that comes back on the port of another. */
  private static final class Return implements AutoCloseable {
    private final int port;
    private @Nullable ScriptedServer server;

    Return(int port) {
      this.port = port;
    }

    int port() {
      return port;
    }

    void start(ServerSocket before) {
      try {
        before.close();
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
      // The port is free as soon as the other thread has left its accept.
      for (int tries = 1; server == null; tries++) {
        try {
          server = new ScriptedServer(port, 200, schema(ProductEvent.getClassSchema()));
        } catch (UncheckedIOException e) {
          if (tries == 100) {
            throw e;
          }
          LockSupport.parkNanos(20_000_000);
        }
      }
    }

    @Override
    public void close() {
      if (server != null) {
        server.close();
      }
    }
  }

  /** Reads a request, begins an answer, and resets the connection, until the socket is closed. */
  private static void reset(ServerSocket socket) {
    while (!socket.isClosed()) {
      try (var connection = socket.accept()) {
        connection.getInputStream().read(new byte[64]);
        connection.getOutputStream().write("HTTP/1.1 200 OK\r\nContent-Le".getBytes(UTF_8));
        connection.getOutputStream().flush();
        connection.setSoLinger(true, 0);
      } catch (SocketException closed) {
        return;
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private static Deserializer<?> deserializer(int port) {
    var deserializer = new ConfluentAvroDeserializer();
    deserializer.configure(
        Map.of(
            "schema.registry.url",
            "http://127.0.0.1:" + port,
            "schema.registry.request.timeout.ms",
            "200"),
        false);
    return deserializer;
  }

  private static String schema(Schema schema) {
    return JsonNodeFactory.instance.objectNode().put("schema", schema.toString()).toString();
  }

  private static byte[] published() {
    try {
      var out = new ByteArrayOutputStream();
      out.write(ByteBuffer.allocate(5).put((byte) 0).putInt(ID).array());
      var encoder = EncoderFactory.get().directBinaryEncoder(out, null);
      new SpecificDatumWriter<>(ProductEvent.class)
          .write(EventAvro.toAvro(Events.published("p1", "s1")), encoder);
      return out.toByteArray();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
