package dev.sluice.dev.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** The loopback ports of one broker: the given ones, or free ones for 0. */
record Ports(int broker, int controller) {
  static final String HOST = "127.0.0.1";

  /** Finds the ports. Until the broker binds them, another process may still take one. */
  static Ports choose(EmbeddedKafkaSettings settings) {
    return choose(settings.brokerPort(), settings.controllerPort());
  }

  private static Ports choose(int brokerPort, int controllerPort) {
    // Both stay open until both are known, so that they differ.
    try (ServerSocket broker = bind("broker", brokerPort);
        ServerSocket controller = bind("controller", controllerPort)) {
      return new Ports(broker.getLocalPort(), controller.getLocalPort());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  boolean areFree() {
    try {
      choose(broker, controller);
      return true;
    } catch (EmbeddedKafkaException e) {
      return false;
    }
  }

  private static ServerSocket bind(String whose, int port) throws IOException {
    var socket = new ServerSocket();
    try {
      // Like Kafka's own bind: a port whose last connections are still closing is free.
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(HOST, port));
      return socket;
    } catch (BindException e) {
      socket.close();
      throw new EmbeddedKafkaException(
          "Port "
              + port
              + " on "
              + HOST
              + " is already in use; set the "
              + whose
              + " port to another one, or to 0 for any free one.",
          e);
    }
  }
}
