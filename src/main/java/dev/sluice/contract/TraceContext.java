package dev.sluice.contract;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which trace something belongs to, and which span of it, as the W3C's recommendation has it.
 * Handed on as it came: Sluice makes no spans of its own.
 *
 * @param traceparent the trace, the span and flags, in their text form
 * @param tracestate what tracing systems add; null for nothing
 */
public record TraceContext(String traceparent, @Nullable String tracestate) {
  private static final Pattern TRACEPARENT =
      Pattern.compile("(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}");

  /** Each command repeats it, so it may not be of any length; so much must be handed on. */
  private static final int TRACESTATE_MAX = 512;

  private static final Pattern TRACESTATE = Pattern.compile("[\\x20-\\x7e]*");

  /**
   * Of two headers as they came.
   *
   * @return null when they name no trace. A tracestate that is none is left out
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
