package dev.sluice.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.ServerSocket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports for servers that a test starts later, or stops and starts again.
 *
 * <p>All are below those that the system gives to connections and to whoever asks for any port:
 * while a broker is away, neither a client that looks for it nor another test's server can take its
 * port. None is given twice by one JVM.
 */
public final class FreePorts {
  private static final int MIN = 20_000;
  private static final int MAX = 32_000;

  private static final Set<Integer> GIVEN = ConcurrentHashMap.newKeySet();

  private FreePorts() {}

  /** One where nothing listens now, whatever the address. */
  public static int next() {
    while (true) {
      var port = ThreadLocalRandom.current().nextInt(MIN, MAX);
      if (GIVEN.add(port) && free(port)) {
        return port;
      }
    }
  }

  private static boolean free(int port) {
    try (var socket = new ServerSocket(port)) {
      return socket.isBound();
    } catch (BindException taken) {
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
