package dev.sluice.contract;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The trace and span of an event, as the W3C's recommendation defines them. Passed on unchanged:
 * Sluice creates no spans of its own.
 *
 * @param traceparent the trace, the span and flags, in their text form
 * @param tracestate additions of tracing systems; null for none
 */
public record TraceContext(String traceparent, @Nullable String tracestate) {
  private static final Pattern TRACEPARENT =
      Pattern.compile("(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}");

  /**
   * Maximum length, since each command repeats the text. The recommendation requires that as much
   * is passed on.
   */
  private static final int TRACESTATE_MAX = 512;

  private static final Pattern TRACESTATE = Pattern.compile("[\\x20-\\x7e]*");

  /**
   * Returns the trace context of two headers. Leaves out an invalid tracestate.
   *
   * @return null if the headers name no trace
   */
  public static @Nullable TraceContext of(String traceparent, @Nullable String tracestate) {
    if (!TRACEPARENT.matcher(traceparent).matches()) {
      return null;
    }
    var fits =
        tracestate != null
            && !tracestate.isBlank()
            && tracestate.length() <= TRACESTATE_MAX
            && TRACESTATE.matcher(tracestate).matches();
    return new TraceContext(traceparent, fits ? tracestate : null);
  }
}
