package dev.sluice.contract;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/** The trace context in a record's headers, as OpenTelemetry's clients write and read them. */
public final class TraceHeaders {

  /** Header of the trace and the span. */
  public static final String TRACEPARENT = "traceparent";

  /** Header of the tracing systems' additions. */
  public static final String TRACESTATE = "tracestate";

  private TraceHeaders() {}

  /** Returns the trace context of a record; null for none. */
  public static @Nullable TraceContext read(Headers headers) {
    var traceparent = text(headers, TRACEPARENT);
    return traceparent == null ? null : TraceContext.of(traceparent, text(headers, TRACESTATE));
  }

  private static @Nullable String text(Headers headers, String key) {
    var header = headers.lastHeader(key);
    return header == null || header.value() == null ? null : new String(header.value(), UTF_8);
  }

  /** Returns the headers of a record with a trace, or with none. */
  public static Headers of(@Nullable TraceContext trace) {
    var headers = new RecordHeaders();
    if (trace != null) {
      headers.add(TRACEPARENT, trace.traceparent().getBytes(UTF_8));
      if (trace.tracestate() != null) {
        headers.add(TRACESTATE, trace.tracestate().getBytes(UTF_8));
      }
    }
    return headers;
  }
}
