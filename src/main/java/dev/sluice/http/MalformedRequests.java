package dev.sluice.http;

import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/**
 * Answers requests that reach no route, such as those with an invalid header, in the usual format.
 */
final class MalformedRequests extends ErrorHandler {

  private static byte[] problem(int status) {
    return JsonResponses.problem(
        status, String.valueOf(HttpStatus.getMessage(status)), "malformed request");
  }

  private static void head(HttpFields.Mutable fields) {
    fields.put(HttpHeader.CONTENT_TYPE, JsonResponses.PROBLEM_TYPE);
    fields.put(HttpHeader.CACHE_CONTROL, "no-store");
    HttpPort.HEADERS.forEach(fields::put);
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    head(response.getHeaders());
    response.write(true, ByteBuffer.wrap(problem(response.getStatus())), callback);
    return true;
  }

  @Override
  public ByteBuffer badMessageError(int status, String reason, HttpFields.Mutable fields) {
    head(fields);
    return ByteBuffer.wrap(problem(status));
  }
}
