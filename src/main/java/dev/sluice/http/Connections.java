package dev.sluice.http;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.thread.Scheduler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Bounds what connections can take: how many there are, all in all and of one address, how long one
 * may be open without a request whose header is complete, a handshake of TLS included, and how long
 * one request may take. What is more is closed.
 */
final class Connections implements Connection.Listener, HttpConfiguration.Customizer {
  private static final Logger LOG = LoggerFactory.getLogger(Connections.class);

  /** Of four places, so many may be one address's: others get in whatever it does. */
  private static final int OF_FOUR = 3;

  private static final long SWEEP_MS = 1_000;

  /** Who watches is sent away after five minutes; nothing else takes as long. */
  private static final Duration REQUEST_MAX = Duration.ofMinutes(6);

  /** What a proxy may let through that lets no POST through. */
  private static final String OVERRIDE = "X-HTTP-Method-Override";

  private final int max;
  private final long idleNs;
  private final Scheduler scheduler;
  private final Memory answers;
  private final LongSupplier nanoTime;
  private final Map<EndPoint, State> open = new ConcurrentHashMap<>();
  private final Map<String, Integer> ofAddress = new ConcurrentHashMap<>();
  private final AtomicBoolean sweeping = new AtomicBoolean();

  private record State(String address, boolean busy, long sinceNs) {}

  /**
   * For one port.
   *
   * @param max so many at once
   * @param idle so long without a request
   * @param answers what all answers may take until they are read
   */
  Connections(int max, Duration idle, Scheduler scheduler, Memory answers) {
    this.max = max;
    this.idleNs = idle.toNanos();
    this.scheduler = scheduler;
    this.answers = answers;
    this.nanoTime = System::nanoTime;
  }

  private static EndPoint outermost(EndPoint endPoint) {
    var found = endPoint;
    while (found instanceof EndPoint.Wrapper wrapper) {
      found = wrapper.unwrap();
    }
    return found;
  }

  @Override
  public void onOpened(Connection connection) {
    var endPoint = connection.getEndPoint();
    if (endPoint instanceof EndPoint.Wrapper) {
      return; // inside of TLS, whose own was seen before
    }
    var address =
        endPoint.getRemoteSocketAddress() instanceof InetSocketAddress peer
            ? String.valueOf(peer.getAddress())
            : "";
    open.put(endPoint, new State(address, false, nanoTime.getAsLong()));
    var same = ofAddress.merge(address, 1, Integer::sum);
    if (open.size() > max || same > Math.max(1, max * OF_FOUR / (OF_FOUR + 1))) {
      LOG.debug("closed a connection of {}: {} are open, {} of it", address, open.size(), same);
      endPoint.close();
    }
    sweepLater();
  }

  @Override
  public void onClosed(Connection connection) {
    var endPoint = connection.getEndPoint();
    if (!(endPoint instanceof EndPoint.Wrapper)) {
      forget(endPoint);
    }
  }

  private void forget(EndPoint endPoint) {
    var state = open.remove(endPoint);
    if (state != null) {
      ofAddress.computeIfPresent(state.address(), (a, n) -> n == 1 ? null : n - 1);
    }
  }

  @Override
  public Request customize(Request request, HttpFields.Mutable responseHeaders) {
    var endPoint = outermost(request.getConnectionMetaData().getConnection().getEndPoint());
    turn(endPoint, true);
    var held = answers.hold();
    request.setAttribute(Json.HELD, held);
    Request.addCompletionListener(
        request,
        failure -> {
          held.close();
          turn(endPoint, false);
        });
    if (!request.getHeaders().contains(OVERRIDE)) {
      return request;
    }
    return new Request.Wrapper(request) {
      @Override
      public HttpFields getHeaders() {
        return HttpFields.build(super.getHeaders()).remove(OVERRIDE).asImmutable();
      }
    };
  }

  private void turn(EndPoint endPoint, boolean busy) {
    open.computeIfPresent(
        endPoint, (key, state) -> new State(state.address(), busy, nanoTime.getAsLong()));
  }

  private void sweepLater() {
    if (sweeping.compareAndSet(false, true)) {
      scheduler.schedule(this::sweep, SWEEP_MS, TimeUnit.MILLISECONDS);
    }
  }

  private void sweep() {
    sweeping.set(false);
    var now = nanoTime.getAsLong();
    open.forEach(
        (endPoint, state) -> {
          if (now - state.sinceNs() > (state.busy() ? REQUEST_MAX.toNanos() : idleNs)) {
            endPoint.close();
          }
          if (!endPoint.isOpen()) {
            forget(endPoint);
          }
        });
    if (!open.isEmpty()) {
      sweepLater();
    }
  }
}
