package dev.sluice.contract;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/** The trace context in a record's headers, where OpenTelemetry's clients put and look for it. */
public final class TraceHeaders {

  /** Names the trace and the span. */
  public static final String TRACEPARENT = "traceparent";

  /** What tracing systems add. */
  public static final String TRACESTATE = "tracestate";

  private TraceHeaders() {}

  /** The trace context that a record belongs to; null for none. */
  public static @Nullable TraceContext read(Headers headers) {
    var traceparent = text(headers, TRACEPARENT);
    return traceparent == null ? null : TraceContext.of(traceparent, text(headers, TRACESTATE));
  }

  private static @Nullable String text(Headers headers, String key) {
    var header = headers.lastHeader(key);
    return header == null || header.value() == null ? null : new String(header.value(), UTF_8);
  }

  /** The headers of a record that belongs to a trace, or to none. */
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
