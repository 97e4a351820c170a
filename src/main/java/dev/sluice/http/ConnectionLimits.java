package dev.sluice.http;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Limits the resources of connections: their number in total and per address, the time without a
 * complete request header (TLS handshake included), the time of one request, and the minimum speed
 * of bodies and answers. A connection beyond a limit is closed.
 */
final class ConnectionLimits implements Connection.Listener, HttpConfiguration.Customizer {
  private static final Logger LOG = LoggerFactory.getLogger(ConnectionLimits.class);

  private static final long SWEEP_MS = 1_000;

  /**
   * Maximum time of a connection without any byte. On a busy machine the worker may read the first
   * bytes only seconds after they came.
   */
  private static final Duration SILENCE_MAX = Duration.ofSeconds(15);

  /**
   * Maximum time of a request. Live streams end after five minutes; no other request takes as long.
   */
  private static final Duration REQUEST_MAX = Duration.ofMinutes(6);

  /** Header that could turn a POST, which a proxy blocks, into another method. */
  private static final String OVERRIDE = "X-HTTP-Method-Override";

  /** Length of the network part of an IPv6 address, in bytes; an owner can choose the rest. */
  private static final int NETWORK_BYTES = 8;

  private final long idleNs;
  private final Scheduler scheduler;
  private final RequestMemory answers;
  private final LongSupplier nanoTime;
  private final OpenConnections<EndPoint> open;
  private final AtomicBoolean sweeping = new AtomicBoolean();

  /**
   * Creates the limits of one port.
   *
   * @param max maximum number of connections
   * @param idle maximum time without a request
   * @param answers memory for unread answers
   */
  ConnectionLimits(int max, Duration idle, Scheduler scheduler, RequestMemory answers) {
    open = new OpenConnections<>(max);
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

  private static String address(EndPoint endPoint) {
    return endPoint.getRemoteSocketAddress() instanceof InetSocketAddress peer
        ? address(peer.getAddress())
        : "";
  }

  /** Returns the address as it is counted: for IPv6 its network, which has one owner. */
  static String address(@Nullable InetAddress peer) {
    return peer instanceof Inet6Address
        ? HexFormat.of().formatHex(Arrays.copyOf(peer.getAddress(), NETWORK_BYTES))
        : peer == null ? "" : peer.getHostAddress();
  }

  @Override
  public void onOpened(Connection connection) {
    var endPoint = connection.getEndPoint();
    if (endPoint instanceof EndPoint.Wrapper) {
      return; // a connection inside TLS; the outer one was counted before
    }
    var address = address(endPoint);
    var closed = open.add(endPoint, address, nanoTime.getAsLong());
    if (closed != null) {
      LOG.debug(
          "{} connections are open: closed {} for one of {}",
          open.size(),
          closed.equals(endPoint) ? "the new one" : "an idle one",
          address);
      open.remove(closed);
      closed.close();
    }
    sweepLater();
  }

  @Override
  public void onClosed(Connection connection) {
    var endPoint = connection.getEndPoint();
    if (!(endPoint instanceof EndPoint.Wrapper)) {
      open.remove(endPoint);
    }
  }

  @Override
  public Request customize(Request request, HttpFields.Mutable responseHeaders) {
    var endPoint = outermost(request.getConnectionMetaData().getConnection().getEndPoint());
    open.turn(endPoint, true, nanoTime.getAsLong());
    var held = answers.hold("the address " + address(endPoint));
    request.setAttribute(JsonResponses.HELD, held);
    Request.addCompletionListener(
        request,
        failure -> {
          held.close();
          open.turn(endPoint, false, nanoTime.getAsLong());
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

  private void sweepLater() {
    if (sweeping.compareAndSet(false, true)) {
      scheduler.schedule(this::sweep, SWEEP_MS, TimeUnit.MILLISECONDS);
    }
  }

  private void sweep() {
    sweeping.set(false);
    var now = nanoTime.getAsLong();
    open.visit(now, (endPoint, busy, fresh, ageNs) -> look(endPoint, busy, fresh, ageNs, now));
    if (!open.isEmpty()) {
      sweepLater();
    }
  }

  private void look(EndPoint endPoint, boolean busy, boolean fresh, long ageNs, long nowNs) {
    if (ageNs > allowedNs(endPoint, busy, fresh)) {
      endPoint.close();
    } else if (busy && endPoint instanceof MeteredEndPoint metered) {
      metered.look(nowNs);
    }
    if (!endPoint.isOpen()) {
      open.remove(endPoint);
    }
  }

  private long allowedNs(EndPoint endPoint, boolean busy, boolean fresh) {
    if (busy) {
      return REQUEST_MAX.toNanos();
    }
    return fresh && endPoint instanceof MeteredEndPoint metered && metered.isSilent()
        ? Math.min(idleNs, SILENCE_MAX.toNanos())
        : idleNs;
  }
}
