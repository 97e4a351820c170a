package dev.sluice.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.config.SluiceConfig;
import dev.sluice.http.HttpPort;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class BrokerCheckTest {

  private static @Nullable String problem(int port) {
    return BrokerCheck.problem(
        SluiceConfig.of(Map.of("bootstrap.servers", "localhost:1,127.0.0.1:" + port)));
  }

  /** One that answers with those bytes, and what is found there. */
  private static @Nullable String answering(byte[] answer) throws Exception {
    try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var thread =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try (var socket = server.accept()) {
                      var in = new DataInputStream(socket.getInputStream());
                      in.readNBytes(in.readInt());
                      socket.getOutputStream().write(answer);
                    } catch (IOException e) {
                      throw new UncheckedIOException(e);
                    }
                  });
      var found = problem(server.getLocalPort());
      thread.join();
      return found;
    }
  }

  @Test
  void shouldKnowAPortThatSpeaksHttp() throws Exception {
    try (var server =
        HttpPort.open(
            SluiceConfig.of(Map.of("http.port", "0", "http.host", "127.0.0.1")), List.of())) {
      assertThat(problem(server.port()))
          .contains("bootstrap.servers has 127.0.0.1:" + server.port())
          .contains("other than Kafka", "it speaks HTTP");
    }
  }

  @Test
  void shouldTakeAnAnswerOfKafkaAndNoOther() throws Exception {
    var kafka = ByteBuffer.allocate(14).putInt(10).putInt(7).array();
    assertThat(answering(kafka)).isNull();
    assertThat(answering("<!DOCTYPE".getBytes("US-ASCII")))
        .contains("does not begin with a length");
    assertThat(answering(ByteBuffer.allocate(14).putInt(10).putInt(8).array()))
        .contains("not match the request");
  }

  @Test
  void shouldLeaveToOthersWhatDoesNotAnswerAndWhatIsTls() throws Exception {
    assertThat(answering(new byte[0])).isNull();
    int port;
    try (var socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    assertThat(problem(port)).isNull();
    assertThat(
            BrokerCheck.problem(
                SluiceConfig.of(
                    Map.of(
                        "bootstrap.servers",
                        "127.0.0.1:" + port,
                        "kafka.security.protocol",
                        "SSL"))))
        .isNull();
  }
}
