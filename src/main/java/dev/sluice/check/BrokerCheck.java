package dev.sluice.check;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.sluice.config.SluiceConfig;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.Locale;
import org.apache.kafka.clients.CommonClientConfigs;
import org.jspecify.annotations.Nullable;

/**
 * Checks whether the server at bootstrap.servers speaks Kafka's protocol. Kafka's own client
 * interprets the first bytes of any other answer as a length, and allocates that many bytes.
 */
public final class BrokerCheck {
  private static final int TIMEOUT_MS = 2_000;

  /** Maximum size of a broker's answer to this request. */
  private static final int ANSWER_MAX = 1 << 20;

  private static final short API_VERSIONS = 18;
  private static final int CORRELATION = 7;

  /**
   * Client id of ten letters: its length equals a line feed, which ends the request for line-based
   * servers.
   */
  private static final byte[] CLIENT = "sluicelook".getBytes(ISO_8859_1);

  private BrokerCheck() {}

  /**
   * Returns a problem of an address with its remedy, as a sentence. Null if none is known: for
   * example the server does not answer, which Kafka's clients report well, or uses TLS.
   */
  public static @Nullable String problem(SluiceConfig config) {
    var protocol =
        String.valueOf(
                config
                    .clientConfig()
                    .getOrDefault(CommonClientConfigs.SECURITY_PROTOCOL_CONFIG, "PLAINTEXT"))
            .toUpperCase(Locale.ROOT);
    if (protocol.contains("SSL")) {
      return null;
    }
    for (var address : config.bootstrapServers().split(",")) {
      var problem = strange(address.strip());
      if (problem != null) {
        return "bootstrap.servers has %s, where a server other than Kafka answers (%s): set it to the brokers' own port"
            .formatted(address.strip(), problem);
      }
    }
    return null;
  }

  private static @Nullable String strange(String address) {
    var at = address.lastIndexOf(':');
    try (var socket = new Socket()) {
      var host = address.substring(0, Math.max(0, at)).replaceAll("[\\[\\]]", "");
      socket.connect(
          new InetSocketAddress(host, Integer.parseInt(address.substring(at + 1))), TIMEOUT_MS);
      socket.setSoTimeout(TIMEOUT_MS);
      var out = new DataOutputStream(socket.getOutputStream());
      out.write(question());
      out.flush();
      var in = new DataInputStream(socket.getInputStream());
      var length = in.readInt();
      if (length >= Integer.BYTES && length <= ANSWER_MAX) {
        return in.readInt() == CORRELATION ? null : "its answer does not match the request";
      }
      var text = new String(ByteBuffer.allocate(Integer.BYTES).putInt(length).array(), ISO_8859_1);
      return text.equals("HTTP") ? "it speaks HTTP" : "its answer does not begin with a length";
    } catch (IOException | IllegalArgumentException e) {
      return null;
    }
  }

  private static byte[] question() {
    int length = 2 * Short.BYTES + Integer.BYTES + Short.BYTES + CLIENT.length;
    return ByteBuffer.allocate(Integer.BYTES + length)
        .putInt(length)
        .putShort(API_VERSIONS)
        .putShort((short) 0)
        .putInt(CORRELATION)
        .putShort((short) CLIENT.length)
        .put(CLIENT)
        .array();
  }
}
