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
 * Bounds what connections can take: how many there are, all in all and of one address, how long one
 * may be open without a request whose header is complete, a handshake of TLS included, how long one
 * request may take, and how slowly a body may come and an answer be read. A connection beyond that
 * is closed.
 */
final class ConnectionLimits implements Connection.Listener, HttpConfiguration.Customizer {
  private static final Logger LOG = LoggerFactory.getLogger(ConnectionLimits.class);

  private static final long SWEEP_MS = 1_000;

  /** A connection is closed after so long if not one byte has come. */
  private static final Duration SILENCE_MAX = Duration.ofSeconds(5);

  /** Who watches is sent away after five minutes; nothing else takes as long. */
  private static final Duration REQUEST_MAX = Duration.ofMinutes(6);

  /** What a proxy may let through that lets no POST through. */
  private static final String OVERRIDE = "X-HTTP-Method-Override";

  /** Of an address of IPv6, what its owner cannot choose, in bytes. */
  private static final int NETWORK_BYTES = 8;

  private final long idleNs;
  private final Scheduler scheduler;
  private final RequestMemory answers;
  private final LongSupplier nanoTime;
  private final OpenConnections<EndPoint> open;
  private final AtomicBoolean sweeping = new AtomicBoolean();

  /**
   * For one port.
   *
   * @param max so many at once
   * @param idle so long without a request
   * @param answers what all answers may take until they are read
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

  /** An address as it counts: of IPv6 the network, whose addresses are one owner's. */
  static String address(@Nullable InetAddress peer) {
    return peer instanceof Inet6Address
        ? HexFormat.of().formatHex(Arrays.copyOf(peer.getAddress(), NETWORK_BYTES))
        : peer == null ? "" : peer.getHostAddress();
  }

  @Override
  public void onOpened(Connection connection) {
    var endPoint = connection.getEndPoint();
    if (endPoint instanceof EndPoint.Wrapper) {
      return; // inside of TLS, whose own was seen before
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
