package dev.sluice.http;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.Executor;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Answers probes on the port's own threads, which never wait for a caller. Every other request runs
 * on a separate thread.
 */
final class ProbeHandler extends Handler.Wrapper {
  private final Map<String, Probe> probes;
  private final Executor others;

  /**
   * Creates the handler before all others.
   *
   * @param probes by path
   * @param others runs handlers that may block
   */
  ProbeHandler(Map<String, Probe> probes, Executor others) {
    this.probes = Map.copyOf(probes);
    this.others = others;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    var probe = isRead(request) ? probes.get(Request.getPathInContext(request)) : null;
    if (probe == null) {
      others.execute(() -> pass(request, response, callback));
    } else {
      answer(probe, request, response, callback);
    }
    return true;
  }

  private static boolean isRead(Request request) {
    return HttpMethod.GET.is(request.getMethod()) || HttpMethod.HEAD.is(request.getMethod());
  }

  private void pass(Request request, Response response, Callback callback) {
    try {
      if (!super.handle(request, response, callback)) {
        Response.writeError(request, response, callback, HttpStatus.NOT_FOUND_404);
      }
    } catch (Throwable e) { // like Jetty
      Response.writeError(request, response, callback, e);
    }
  }

  private static void answer(Probe probe, Request request, Response response, Callback callback) {
    var headers = request.getHeaders();
    var reply =
        probe.answer(
            new Probe.Asked(
                Request.getRemoteAddr(request),
                headers.get(HttpHeader.HOST),
                headers.get(HttpHeader.ACCEPT)));
    response.setStatus(reply.status());
    var fields = response.getHeaders();
    fields.put(HttpHeader.CONTENT_TYPE, reply.type());
    fields.put(HttpHeader.CONTENT_LENGTH, reply.body().length);
    fields.put(HttpHeader.CACHE_CONTROL, "no-store");
    HttpPort.HEADERS.forEach(fields::put);
    // Does not wait until the answer is read.
    response.write(true, ByteBuffer.wrap(reply.body()), callback);
  }
}
